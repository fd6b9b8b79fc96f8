package dev.jmtcp.bench.netty;

import dev.jmtcp.bench.load.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** The client's end of a connection with one request, which the server ends. */
final class Transaction extends Side {

    private final Transactions all;
    private final long number;
    private boolean answered;

    Transaction(Transactions all, long number) {
        super(all.tally);
        this.all = all;
        this.number = number;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        tally.connected++;
        var _ = context.writeAndFlush(Messages.request(context, number), context.voidPromise());
        tally.sent += Message.SIZE;
    }

    @Override
    void read(ChannelHandlerContext context, ByteBuf bytes) {
        // An answer comes as a whole: a loopback segment is never split. One that did would be counted as wrong.
        if (!answered && Messages.matches(bytes, number)) {
            tally.received += Message.SIZE;
            tally.transactions++;
        } else {
            tally.wrong("answer " + number);
        }
        answered = true;
        bytes.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        tally.ended++;
        if (!answered) {
            tally.failed("closed without an answer");
        }
        all.ended();
    }
}
