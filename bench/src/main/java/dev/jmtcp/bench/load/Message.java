package dev.jmtcp.bench.load;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The 64 bytes of a request, which its answer repeats. No two requests have the same: each word is a mix of the request's number and of its place, which tells
 * bytes that come on the wrong connection, twice, or at the wrong place.
 */
public final class Message {

    public static final int SIZE = 64;

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final long STEP = 0xbf58476d1ce4e5b9L;

    private Message() {}

    /** Eight bytes of a request, little-endian. */
    public static long word(long number, int index) {
        long z = (number + 1) * GOLDEN + index * STEP;
        return z ^ z >>> 29;
    }

    /** Writes a request. */
    public static void write(MemorySegment memory, long offset, long number) {
        for (int i = 0; i < SIZE / Long.BYTES; i++) {
            memory.set(WORD, offset + i * (long) Long.BYTES, word(number, i));
        }
    }

    /** Whether all bytes are those of a request. */
    public static boolean matches(MemorySegment memory, long offset, long number) {
        long different = 0;
        for (int i = 0; i < SIZE / Long.BYTES; i++) {
            different |= memory.get(WORD, offset + i * (long) Long.BYTES) ^ word(number, i);
        }
        return different == 0;
    }
}
