package dev.jmtcp.bench.netty;

import dev.jmtcp.bench.race.Tally;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** The server's end of a connection that lasts: sends back what comes. */
final class Echo extends Side {

    Echo(Tally tally) {
        super(tally);
    }

    @Override
    void read(ChannelHandlerContext context, ByteBuf bytes) {
        var _ = context.writeAndFlush(bytes, context.voidPromise());
    }
}
