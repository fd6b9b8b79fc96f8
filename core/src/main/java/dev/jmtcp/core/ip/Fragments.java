package dev.jmtcp.core.ip;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Room for a fixed number of fragments' payloads, each in a list of those of its datagram. Allocates nothing after construction. */
final class Fragments {

    /** The end of a list. */
    static final int NONE = Datagram.NONE;

    private final MemorySegment memory;
    private final int capacity;
    private final int[] offsets;
    private final int[] lengths;
    private final int[] next;
    private int free;

    /**
     * @param count how many fragments
     * @param capacity the most payload bytes of each
     */
    Fragments(int count, int capacity) {
        this.capacity = capacity;
        memory = Arena.ofAuto().allocate((long) count * capacity);
        offsets = new int[count];
        lengths = new int[count];
        next = new int[count];
        for (int i = 0; i < count; i++) {
            next[i] = i + 1 < count ? i + 1 : NONE;
        }
    }

    int capacity() {
        return capacity;
    }

    boolean isFull() {
        return free == NONE;
    }

    /** Keeps a copy of a payload; there must be room. */
    int take(MemorySegment source, long at, int offset, int length) {
        int fragment = free;
        free = next[fragment];
        offsets[fragment] = offset;
        lengths[fragment] = length;
        MemorySegment.copy(source, at, memory, address(fragment), length);
        return fragment;
    }

    /** Frees a list of fragments. */
    void release(int list) {
        for (int fragment = list; fragment != NONE; ) {
            int following = next[fragment];
            next[fragment] = free;
            free = fragment;
            fragment = following;
        }
    }

    void copyTo(MemorySegment target, long at, int fragment) {
        MemorySegment.copy(memory, address(fragment), target, at, lengths[fragment]);
    }

    /** Where the payload belongs in the datagram's. */
    int offset(int fragment) {
        return offsets[fragment];
    }

    int length(int fragment) {
        return lengths[fragment];
    }

    int end(int fragment) {
        return offsets[fragment] + lengths[fragment];
    }

    int next(int fragment) {
        return next[fragment];
    }

    void next(int fragment, int following) {
        next[fragment] = following;
    }

    private long address(int fragment) {
        return (long) fragment * capacity;
    }
}
