package dev.jmtcp.bench.netty;

import dev.jmtcp.bench.load.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** {@link Message} in Netty's buffers. */
final class Messages {

    private static final int WORDS = Message.SIZE / Long.BYTES;

    private Messages() {}

    static ByteBuf request(ChannelHandlerContext context, long number) {
        ByteBuf bytes = context.alloc().ioBuffer(Message.SIZE);
        for (int i = 0; i < WORDS; i++) {
            bytes.writeLongLE(Message.word(number, i));
        }
        return bytes;
    }

    /** Whether a buffer holds a message, and nothing else. */
    static boolean matches(ByteBuf bytes, long number) {
        if (bytes.readableBytes() != Message.SIZE) {
            return false;
        }
        long different = 0;
        for (int i = 0; i < WORDS; i++) {
            different |= bytes.getLongLE(bytes.readerIndex() + i * Long.BYTES) ^ Message.word(number, i);
        }
        return different == 0;
    }
}
