package dev.jmtcp.bench.load;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * The bytes of a long stream: a piece of chance that begins again and again. Its length is odd, so that a byte at a place wrong by any plausible number is
 * noticed. Immutable; for any thread.
 */
public final class Stream {

    /** How much {@link #memory} holds from any position on. */
    public static final int WINDOW = 64 << 10;

    private static final int PERIOD = (64 << 10) - 1;

    /** The content of the stream, one period and a window of it. */
    public final MemorySegment memory = Arena.ofAuto().allocate(PERIOD + WINDOW, Long.BYTES);

    public Stream(long seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < PERIOD; i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        MemorySegment.copy(memory, 0, memory, PERIOD, WINDOW);
    }

    /** Where in {@link #memory} the bytes from a position of the stream on stand. */
    public static long place(long position) {
        return position % PERIOD;
    }

    /** Whether bytes are those of the stream from a position on. */
    public boolean matches(long position, MemorySegment bytes, long offset, int length) {
        long place = place(position);
        return MemorySegment.mismatch(bytes, offset, offset + length, memory, place, place + length) < 0;
    }
}
