package dev.jmtcp.driver.sim;

import java.lang.foreign.MemorySegment;

/**
 * Decides by hand what becomes of each frame that a port sends, before the port's {@link Impairments} get their say: to lose exactly the
 * third data segment, to hold one back, or just to look. Called on the thread that flushes the port. It may write to the frame.
 */
@FunctionalInterface
public interface FrameFilter {

    /** The frame goes on. */
    long PASS = 0;

    /** The frame is lost, and counted as {@code dropped by filter}. */
    long DROP = -1;

    /** The frame arrives twice. */
    long DUPLICATE = -2;

    /**
     * Decides on a frame.
     *
     * @param memory where it lies
     * @param offset where its Ethernet header begins
     * @param length its bytes
     * @param now the time in nanoseconds
     * @return {@link #PASS}, {@link #DROP}, {@link #DUPLICATE}, or how many nanoseconds more than usual the frame takes, while those
     *     after it do not wait for it
     */
    long decide(MemorySegment memory, long offset, int length, long now);

    /** Loses the frames for which the predicate holds. */
    static FrameFilter dropping(FramePredicate predicate) {
        return (memory, offset, length, now) -> predicate.test(memory, offset, length, now) ? DROP : PASS;
    }
}
