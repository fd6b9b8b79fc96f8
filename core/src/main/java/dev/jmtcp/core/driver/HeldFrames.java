package dev.jmtcp.core.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Copies of frames on their way through the fault injector, in the order in which they are due; those due at the same time in the order in which they
 * came. Belongs to the thread of the queue.
 */
final class HeldFrames {

    /** No slot is free. */
    static final int NONE = -1;

    final MemorySegment memory;
    final int longestFrame;

    private final int slotSize;
    private final int[] free;
    private int freeCount;

    /** The frames held, as a ring. */
    private final int[] slots;

    private final int[] lengths;
    private final int[] flags;
    private final int[] hashes;
    private final long[] due;
    private final int mask;
    private int first;
    private int count;

    /**
     * @param frames how many frames have room, a power of two
     * @param longestFrame the most bytes of a frame
     */
    HeldFrames(int frames, int longestFrame) {
        this.longestFrame = longestFrame;
        slotSize = (longestFrame + 63) & -64;
        memory = Arena.ofAuto().allocate((long) frames * slotSize, 64);
        free = new int[frames];
        while (freeCount < frames) {
            free[freeCount] = frames - 1 - freeCount++;
        }
        slots = new int[frames];
        lengths = new int[frames];
        flags = new int[frames];
        hashes = new int[frames];
        due = new long[frames];
        mask = frames - 1;
    }

    int available() {
        return freeCount;
    }

    /** A slot, or {@link #NONE}. */
    int take() {
        return freeCount == 0 ? NONE : free[--freeCount];
    }

    void give(int slot) {
        free[freeCount++] = slot;
    }

    /** Where the frame of a slot lies in {@link #memory}. */
    long offset(int slot) {
        return (long) slot * slotSize;
    }

    /** Holds the frame of a slot until a time. */
    void hold(int slot, int length, int flags, int hash, long until) {
        int place = count++;
        while (place > 0 && due[at(place - 1)] > until) {
            move(at(place - 1), at(place));
            place--;
        }
        int i = at(place);
        slots[i] = slot;
        lengths[i] = length;
        this.flags[i] = flags;
        hashes[i] = hash;
        due[i] = until;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** When the first frame is due. */
    long firstDue() {
        return due[first];
    }

    boolean isDue(long now) {
        return count > 0 && due[first] <= now;
    }

    /** How many frames are due. */
    int dueCount(long now) {
        int n = 0;
        while (n < count && due[at(n)] <= now) {
            n++;
        }
        return n;
    }

    int firstLength() {
        return lengths[first];
    }

    int firstFlags() {
        return flags[first];
    }

    int firstHash() {
        return hashes[first];
    }

    int firstSlot() {
        return slots[first];
    }

    /** Holds the first frame no longer; its slot stays taken. */
    void removeFirst() {
        first = at(1);
        count--;
    }

    private int at(int place) {
        return (first + place) & mask;
    }

    private void move(int from, int to) {
        slots[to] = slots[from];
        lengths[to] = lengths[from];
        flags[to] = flags[from];
        hashes[to] = hashes[from];
        due[to] = due[from];
    }
}
