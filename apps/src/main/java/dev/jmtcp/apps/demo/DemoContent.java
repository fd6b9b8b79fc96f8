package dev.jmtcp.apps.demo;

import dev.jmtcp.apps.client.Body;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Content that looks like chance and of which every byte is known: eight bytes at a time are a mix of the seed and their place. Immutable; for any
 * thread.
 *
 * <p>The mix is the finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
 *
 * @param seed what the content depends on
 * @param size how many bytes there are
 */
record DemoContent(long seed, long size) {

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final int CHUNK = 1 << 16;

    /** Writes all of it to a new file. */
    void write(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            MemorySegment chunk = arena.allocate(CHUNK);
            for (long at = 0; at < size; at += CHUNK) {
                for (int i = 0; i < CHUNK; i += Long.BYTES) {
                    chunk.set(WORD, i, word(at + i));
                }
                ByteBuffer bytes = chunk.asByteBuffer().limit((int) Math.min(CHUNK, size - at));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        }
    }

    /** Whether bytes are those of this content from a position on. */
    boolean matches(long position, MemorySegment memory, long offset, int length) {
        if (position + length > size) {
            return false;
        }
        int i = 0;
        for (; i < length && (position + i & 7) != 0; i++) {
            if (memory.get(BYTE, offset + i) != at(position + i)) {
                return false;
            }
        }
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            if (memory.get(WORD, offset + i) != word(position + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (memory.get(BYTE, offset + i) != at(position + i)) {
                return false;
            }
        }
        return true;
    }

    /** One that checks responses against this. */
    Body checker() {
        return new Body() {
            private long position;
            private boolean right;

            @Override
            public void begin() {
                position = 0;
                right = true;
            }

            @Override
            public void take(MemorySegment memory, long offset, int length) {
                right = right && matches(position, memory, offset, length);
                position += length;
            }

            @Override
            public boolean end() {
                return right && position == size;
            }
        };
    }

    private byte at(long position) {
        return (byte) (word(position) >>> 8 * (position & 7));
    }

    /** The word that holds a position. */
    private long word(long position) {
        long z = seed + ((position >>> 3) + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
