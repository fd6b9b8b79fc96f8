package dev.jmtcp.driver.sim;

import java.util.Arrays;

/**
 * The frame slots of one place that are at home, last in first out so that the cache stays warm, and where the others are. Belongs to
 * the place's thread.
 */
final class FramePool {

    static final int EMPTY = -1;

    private static final byte HOME = -1;

    private final int first;
    private final int[] free;
    private final byte[] lentTo;
    private int count;

    FramePool(int first, int slots) {
        this.first = first;
        free = new int[slots];
        lentTo = new byte[slots];
        Arrays.fill(lentTo, HOME);
        for (int slot = first + slots - 1; slot >= first; slot--) {
            free[count++] = slot;
        }
    }

    /** A slot, or {@link #EMPTY}. */
    int take() {
        return count == 0 ? EMPTY : free[--count];
    }

    int available() {
        return count;
    }

    /** Takes a slot back. */
    void give(int slot) {
        lentTo[slot - first] = HOME;
        free[count++] = slot;
    }

    /** Notes that a slot is on its way to a place. */
    void lend(int slot, int place) {
        lentTo[slot - first] = (byte) place;
    }

    /** Takes back every slot lent to a place that is gone. */
    void recall(int place) {
        for (int i = 0; i < lentTo.length; i++) {
            if (lentTo[i] == place) {
                give(first + i);
            }
        }
    }
}
