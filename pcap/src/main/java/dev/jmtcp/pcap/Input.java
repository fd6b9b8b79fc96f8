package dev.jmtcp.pcap;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;

/**
 * A capture file being read: a window on it that moves forward. The window grows with what is really there, never with what a damaged
 * file promises.
 */
final class Input implements Closeable {

    private static final int INITIAL = 1 << 16;

    private final String name;
    private final ReadableByteChannel channel;
    private Room room = new Room(INITIAL);
    private MemorySegment window = room.memory;
    private ByteBuffer bytes = window.asByteBuffer();
    private ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED;
    private ValueLayout.OfInt ints = ValueLayout.JAVA_INT_UNALIGNED;
    private ValueLayout.OfLong longs = ValueLayout.JAVA_LONG_UNALIGNED;
    private long windowAt;
    private int start;
    private int end;

    Input(ReadableByteChannel channel, String name) {
        this.channel = channel;
        this.name = name;
    }

    void order(ByteOrder order) {
        shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        longs = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
    }

    MemorySegment memory() {
        return window;
    }

    /** Where in the memory the byte at this distance lies. */
    long offset(int distance) {
        return (long) start + distance;
    }

    int u8(int distance) {
        return window.get(ValueLayout.JAVA_BYTE, start + distance) & 0xff;
    }

    int u16(int distance) {
        return window.get(shorts, start + distance) & 0xffff;
    }

    int i32(int distance) {
        return window.get(ints, start + distance);
    }

    long u32(int distance) {
        return i32(distance) & 0xffff_ffffL;
    }

    long i64(int distance) {
        return window.get(longs, start + distance);
    }

    /** Whether the file ends here. */
    boolean atEnd() throws IOException {
        return !fill(1);
    }

    /** Makes sure that so many bytes from here on lie in the window. */
    void require(int length, String what) throws IOException {
        if (!fill(length)) {
            throw damaged("file ends after " + (end - start) + " bytes of " + what + " of " + length);
        }
    }

    void advance(int length) {
        start += length;
    }

    /** Passes over bytes without holding them. */
    void skip(long length, String what) throws IOException {
        long left = length;
        while (left > 0) {
            if (start == end && !fill(1)) {
                throw damaged("file ends " + left + " bytes before the end of " + what + " of " + length);
            }
            int step = (int) Math.min(left, end - start);
            start += step;
            left -= step;
        }
    }

    /** Where in the file this is. */
    long position() {
        return windowAt + start;
    }

    /** An error about what begins here. */
    PcapException damaged(String problem) {
        return damaged(position(), problem);
    }

    /** An error about what begins at some byte of the file. */
    PcapException damaged(long position, String problem) {
        return new PcapException(name, position, problem);
    }

    private boolean fill(int length) throws IOException {
        while (end - start < length) {
            if (start > 0) {
                MemorySegment.copy(window, start, window, 0, end - start);
                windowAt += start;
                end -= start;
                start = 0;
            }
            if (end == bytes.capacity()) {
                grow();
            }
            int count = channel.read(bytes.limit(bytes.capacity()).position(end));
            if (count <= 0) {
                return false;
            }
            end += count;
        }
        return true;
    }

    private void grow() {
        Room smaller = room;
        room = new Room(2 * window.byteSize());
        window = room.memory;
        bytes = window.asByteBuffer();
        MemorySegment.copy(smaller.memory, 0, window, 0, end);
        smaller.close();
    }

    @Override
    public void close() throws IOException {
        room.close();
        channel.close();
    }

    /** The memory of a window. */
    private static final class Room {

        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory;

        Room(long size) {
            memory = arena.allocate(size);
        }

        void close() {
            if (arena.scope().isAlive()) {
                arena.close();
            }
        }
    }
}
