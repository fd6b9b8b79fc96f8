package dev.jmtcp.bench.netty;

import dev.jmtcp.bench.race.Tally;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** One end of a connection. On the event loop's thread. */
abstract class Side extends ChannelInboundHandlerAdapter {

    final Tally tally;

    Side(Tally tally) {
        this.tally = tally;
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        read(context, (ByteBuf) message);
    }

    /** Bytes have come; they are this one's to release. */
    abstract void read(ChannelHandlerContext context, ByteBuf bytes);

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        tally.failed(cause.toString());
        var _ = context.close();
    }
}
