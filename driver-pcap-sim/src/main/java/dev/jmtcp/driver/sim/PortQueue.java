package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.PortStatistics;
import java.lang.foreign.MemorySegment;

/** One queue of one port, whatever is behind it. Belongs to the queue's thread, but for {@link #statistics}. */
abstract class PortQueue {

    /** {@link #nextArrival}: no frame is under way. */
    static final long NEVER = Long.MAX_VALUE;

    /** {@link #nextArrival}: a frame is there. */
    static final long NOW = Long.MIN_VALUE;

    /** See {@link PacketQueue#receive}. */
    abstract int receive(FrameBurst burst);

    /** See {@link PacketQueue#transmitMemory}. */
    abstract MemorySegment transmitMemory();

    /** The longest frame that can be reserved. */
    abstract int maximumFrame();

    /** See {@link PacketQueue#reserve}; the capacity has been checked. */
    abstract long reserve(int capacity);

    /** Throws what {@link PacketQueue#commit} throws if no frame of this length can be committed. */
    abstract void checkCommit(int length);

    /** The check for a reservation of so many bytes, or of −1 if there is none. */
    static void checkCommit(int length, int reserved) {
        if (reserved < 0) {
            throw new IllegalStateException("no frame is reserved on this port");
        }
        if (length < 1 || length > reserved) {
            throw new IllegalArgumentException("length " + length + " of a frame reserved for " + reserved);
        }
    }

    /** See {@link PacketQueue#commit}. */
    abstract void commit(int length, long offload);

    /** See {@link PacketQueue#flush}. */
    abstract int flush();

    /** When the next frame can be received: {@link #NOW}, {@link #NEVER}, or when it is due. */
    abstract long nextArrival();

    /** Whether a sender that found no room would find some now; said once. */
    abstract boolean hasRoomAgain();

    /** Says that this thread is about to sleep, and is to be woken for a frame, or for room if it found none. */
    abstract void park(Thread thread);

    /** Says that the thread is awake. */
    abstract void unpark();

    /** How long a thread may sleep before it looks again, though nobody woke it; in nanoseconds. */
    abstract long longestSleep();

    /** What this queue counted; from any thread. */
    abstract PortStatistics statistics();
}
