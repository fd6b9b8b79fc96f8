package dev.jmtcp.core.link;

import org.jspecify.annotations.Nullable;

/** A hash table of neighbours by port and address, of fixed size: open addressing, at most a quarter full. */
final class NeighbourTable {

    private final @Nullable Neighbour[] slots;
    private final int limit;
    private int size;

    NeighbourTable(int limit) {
        this.limit = limit;
        slots = new Neighbour[Integer.highestOneBit(limit) * 8];
    }

    boolean isFull() {
        return size == limit;
    }

    int size() {
        return size;
    }

    @Nullable
    Neighbour find(int port, int address) {
        for (int i = home(port, address); ; i = next(i)) {
            Neighbour neighbour = slots[i];
            if (neighbour == null || neighbour.is(port, address)) {
                return neighbour;
            }
        }
    }

    /** Adds one that is not there yet; the table must not be full. */
    void add(Neighbour neighbour) {
        int i = home(neighbour.port(), neighbour.address());
        while (slots[i] != null) {
            i = next(i);
        }
        slots[i] = neighbour;
        size++;
    }

    /** Removes one that is there. */
    void remove(Neighbour neighbour) {
        int gap = home(neighbour.port(), neighbour.address());
        while (!isAt(gap, neighbour)) {
            gap = next(gap);
        }
        // Those behind move up, where that brings none before its home (Knuth, volume 3, section 6.4, algorithm R).
        int i = gap;
        while (true) {
            i = next(i);
            Neighbour moved = slots[i];
            if (moved == null) {
                break;
            }
            int distance = i - home(moved.port(), moved.address()) & slots.length - 1;
            if (distance >= (i - gap & slots.length - 1)) {
                slots[gap] = moved;
                gap = i;
            }
        }
        slots[gap] = null;
        size--;
    }

    /** The number of slots: a power of two. */
    int slots() {
        return slots.length;
    }

    /** What is in a slot. */
    @Nullable
    Neighbour at(int slot) {
        return slots[slot];
    }

    @SuppressWarnings("ReferenceEquality") // identity is what is asked
    private boolean isAt(int slot, Neighbour neighbour) {
        return slots[slot] == neighbour;
    }

    private int home(int port, int address) {
        int hash = (address + port * 0x85eb_ca6b) * 0x9e37_79b1;
        return (hash ^ hash >>> 15) & slots.length - 1;
    }

    private int next(int slot) {
        return slot + 1 & slots.length - 1;
    }
}
