package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.load.Message;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** The memory that the handlers of one thread share. */
final class Buffers {

    static final int SIZE = 64 << 10;

    final ByteBuffer bytes = ByteBuffer.allocateDirect(SIZE);
    final MemorySegment memory = MemorySegment.ofBuffer(bytes);

    /** Sends a request. */
    boolean writeMessage(WritableByteChannel channel, long number) throws IOException {
        Message.write(memory, 0, number);
        bytes.clear().limit(Message.SIZE);
        return channel.write(bytes) == Message.SIZE;
    }

    /** Reads what is there, as far as there is room from a position on; −1 at the end. */
    int read(ReadableByteChannel channel, int position, int limit) throws IOException {
        bytes.limit(limit).position(position);
        return channel.read(bytes);
    }
}
