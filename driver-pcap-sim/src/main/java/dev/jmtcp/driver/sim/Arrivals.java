package dev.jmtcp.driver.sim;

import java.util.Arrays;

/**
 * Frames on their way to one place, ordered by the time they are due, then by the order they were added: a binary heap on primitive
 * arrays. Belongs to one thread; allocates only to grow.
 */
final class Arrivals {

    private long[] due = new long[64];
    private long[] order = new long[64];
    private long[] entry = new long[64];
    private int[] source = new int[64];
    private int count;
    private long added;

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    /** When the first frame is due; only if there is one. */
    long due() {
        return due[0];
    }

    /** The first frame; only if there is one. */
    long entry() {
        return entry[0];
    }

    /** The place the first frame comes from; only if there is one. */
    int source() {
        return source[0];
    }

    void add(long due, long entry, int source) {
        if (count == this.due.length) {
            grow();
        }
        int i = count++;
        long order = added++;
        while (i > 0) {
            int parent = (i - 1) >>> 1;
            if (!before(due, order, parent)) {
                break;
            }
            copy(parent, i);
            i = parent;
        }
        set(i, due, order, entry, source);
    }

    /** Takes the first frame out. */
    void remove() {
        int last = --count;
        long due = this.due[last];
        long order = this.order[last];
        int i = 0;
        for (int child = 1; child < last; child = 2 * i + 1) {
            if (child + 1 < last && before(this.due[child + 1], this.order[child + 1], child)) {
                child++;
            }
            if (before(due, order, child)) {
                break;
            }
            copy(child, i);
            i = child;
        }
        copy(last, i);
    }

    private boolean before(long due, long order, int i) {
        return due != this.due[i] ? due < this.due[i] : order < this.order[i];
    }

    private void copy(int from, int to) {
        set(to, due[from], order[from], entry[from], source[from]);
    }

    private void set(int i, long due, long order, long entry, int source) {
        this.due[i] = due;
        this.order[i] = order;
        this.entry[i] = entry;
        this.source[i] = source;
    }

    private void grow() {
        int capacity = 2 * count;
        due = Arrays.copyOf(due, capacity);
        order = Arrays.copyOf(order, capacity);
        entry = Arrays.copyOf(entry, capacity);
        source = Arrays.copyOf(source, capacity);
    }
}
