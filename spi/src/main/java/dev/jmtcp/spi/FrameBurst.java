package dev.jmtcp.spi;

import java.lang.foreign.MemorySegment;

/**
 * A reused list of received frames: where they lie in driver memory, how long they are, and what the device says of them.
 * Belongs to the thread that passes it to {@link PacketQueue#receive}. All frames of a burst lie in one memory segment.
 */
public final class FrameBurst {

    private final long[] offsets;
    private final int[] lengths;
    private final int[] flags;
    private final int[] hashes;
    private MemorySegment memory = MemorySegment.NULL;
    private int count;

    /**
     * @param capacity the most frames in a burst, at least 1; 32 to 64 is usual
     */
    public FrameBurst(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: " + capacity);
        }
        offsets = new long[capacity];
        lengths = new int[capacity];
        flags = new int[capacity];
        hashes = new int[capacity];
    }

    public int capacity() {
        return offsets.length;
    }

    public int count() {
        return count;
    }

    public boolean isFull() {
        return count == offsets.length;
    }

    /** The memory that all frames of this burst lie in. */
    public MemorySegment memory() {
        return memory;
    }

    /** Where frame {@code i} begins in {@link #memory()}: the first byte of its Ethernet header. */
    public long offset(int i) {
        return offsets[i];
    }

    /** The length of frame {@code i} in bytes, Ethernet header included, FCS not. */
    public int length(int i) {
        return lengths[i];
    }

    /** What the device says of frame {@code i}: see {@link RxFlags}. */
    public int flags(int i) {
        return flags[i];
    }

    /** The RSS hash of frame {@code i}, if {@link RxFlags#HASH_VALID} is set. */
    public int hash(int i) {
        return hashes[i];
    }

    /** For drivers: empties the burst; the frames to come lie in this memory. */
    public void begin(MemorySegment memory) {
        this.memory = memory;
        count = 0;
    }

    /** For drivers: adds a frame. */
    public void add(long offset, int length, int flags, int hash) {
        int i = count;
        offsets[i] = offset;
        lengths[i] = length;
        this.flags[i] = flags;
        hashes[i] = hash;
        count = i + 1;
    }
}
