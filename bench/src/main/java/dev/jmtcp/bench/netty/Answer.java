package dev.jmtcp.bench.netty;

import dev.jmtcp.bench.load.Message;
import dev.jmtcp.bench.race.Tally;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;

/** The server's end of a connection with one request: sends it back and closes. */
final class Answer extends Side {

    private int taken;

    Answer(Tally tally) {
        super(tally);
    }

    @Override
    void read(ChannelHandlerContext context, ByteBuf bytes) {
        taken += bytes.readableBytes();
        if (taken < Message.SIZE) {
            var _ = context.writeAndFlush(bytes, context.voidPromise());
        } else {
            var _ = context.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
