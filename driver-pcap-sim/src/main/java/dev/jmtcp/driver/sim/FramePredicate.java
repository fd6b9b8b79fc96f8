package dev.jmtcp.driver.sim;

import java.lang.foreign.MemorySegment;

/** A yes or no about a frame. Called on the thread that flushes the port. */
@FunctionalInterface
public interface FramePredicate {

    /**
     * @param memory where the frame lies
     * @param offset where its Ethernet header begins
     * @param length its bytes
     * @param now the time in nanoseconds
     */
    boolean test(MemorySegment memory, long offset, int length, long now);
}
