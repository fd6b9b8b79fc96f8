package dev.jmtcp.driver.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A ring of bytes in which frames of any length wait for the device, first in first out. Belongs to one thread. */
final class Staging {

    private static final int SIZE = 1 << 22;
    private static final int FRAMES = 1024;
    private static final int ALIGNMENT = 16;

    /** Where a frame begins after the alignment, so that its IP header is aligned. */
    private static final int SHIFT = 2;

    private final MemorySegment memory;
    private final long[] offsets = new long[FRAMES];
    private final int[] lengths = new int[FRAMES];
    private final long[] offloads = new long[FRAMES];
    private int head;
    private int count;
    private long tail;

    Staging(Arena arena) {
        memory = arena.allocate(SIZE, Layout.LINE);
    }

    MemorySegment memory() {
        return memory;
    }

    /** Where the next frame of at most so many bytes can lie; −1 if there is no room. */
    long room(int capacity) {
        if (count == FRAMES) {
            return -1;
        }
        int needed = capacity + SHIFT;
        if (count == 0) {
            tail = 0;
            return SHIFT;
        }
        long oldest = offsets[head] - SHIFT;
        if (tail > oldest) {
            if (SIZE - tail >= needed) {
                return tail + SHIFT;
            }
            return oldest > needed ? SHIFT : -1;
        }
        return oldest - tail > needed ? tail + SHIFT : -1;
    }

    /** Adds the frame that was written where {@link #room} said. */
    void add(long offset, int length, long offload) {
        int i = (head + count++) % FRAMES;
        offsets[i] = offset;
        lengths[i] = length;
        offloads[i] = offload;
        tail = offset + length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    int count() {
        return count;
    }

    /** Where the oldest frame begins. */
    long offset() {
        return offsets[head];
    }

    int length() {
        return lengths[head];
    }

    long offload() {
        return offloads[head];
    }

    void remove() {
        head = (head + 1) % FRAMES;
        count--;
    }
}
