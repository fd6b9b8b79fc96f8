package dev.jmtcp.core.buffer;

import java.util.Arrays;

/**
 * Disjoint half-open ranges [start, end) of 64-bit stream positions, in ascending order and at most a given number: what has arrived out of order.
 * Ranges that touch are one. Remembers which were added to last, for the order of SACK blocks (RFC 2018 section 4). Belongs to one thread; allocates
 * only when it holds more ranges than ever before.
 */
public final class Ranges {

    private static final int FIRST_LENGTH = 4;

    /** Arrays up to this length are kept by {@link #clear}. */
    private static final int KEPT_LENGTH = 16;

    private static final long[] NONE = {};

    /** The most ranges there may be. */
    private final int limit;

    private long[] starts = NONE;
    private long[] ends = NONE;

    /** For each range when it was last added to: the higher the later. */
    private long[] stamps = NONE;

    private int count;

    /** The highest stamp given. */
    private long stamp;

    /**
     * No ranges.
     *
     * @param limit the most ranges there may be, at least 1
     */
    public Ranges(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit);
        }
        this.limit = limit;
    }

    /** How many ranges there are. */
    public int count() {
        return count;
    }

    /** The first position in range {@code i}, counted from 0 upwards in ascending order. */
    public long start(int i) {
        return starts[i];
    }

    /** The first position after range {@code i}. */
    public long end(int i) {
        return ends[i];
    }

    /**
     * Adds the positions from {@code start} up to, not including, {@code end}; joins what overlaps or touches. The range they are in then is the most
     * recent.
     *
     * @return false if there would be more ranges than the limit: then nothing has changed
     */
    public boolean add(long start, long end) {
        if (start >= end) {
            throw new IllegalArgumentException("empty range " + start + ".." + end);
        }
        int first = firstEndingFrom(start); // the first range that this overlaps, touches or precedes
        int after = first; // the first range beyond it
        while (after < count && starts[after] <= end) {
            after++;
        }
        if (first == after) {
            if (count == limit) {
                return false;
            }
            insert(first, start, end);
        } else {
            starts[first] = Math.min(starts[first], start);
            ends[first] = Math.max(ends[after - 1], end);
            remove(first + 1, after);
        }
        stamps[first] = ++stamp;
        return true;
    }

    /** Removes all positions below one. */
    public void removeBelow(long position) {
        int n = firstEndingFrom(position);
        if (n < count && ends[n] == position) {
            n++;
        }
        remove(0, n);
        if (count > 0 && starts[0] < position) {
            starts[0] = position;
        }
    }

    /** The index of the first range that has positions in common with [start, end); −1 if there is none. */
    public int firstWithin(long start, long end) {
        int i = firstEndingFrom(start + 1);
        return i < count && starts[i] < end ? i : -1;
    }

    /** The end of the range that contains a position; the position itself if none does. */
    public long contiguousEnd(long from) {
        int i = firstEndingFrom(from);
        return i < count && starts[i] <= from ? ends[i] : from;
    }

    /** The start of the first range that begins at or after a position; Long.MAX_VALUE if there is none. */
    public long nextStart(long from) {
        int i = firstEndingFrom(from);
        while (i < count && starts[i] < from) { // one at most
            i++;
        }
        return i < count ? starts[i] : Long.MAX_VALUE;
    }

    /**
     * The index of the range that was added to most recently (k = 0), before that (k = 1), and so on.
     *
     * @param k from 0 to {@link #count} - 1; small, since each step looks at every range
     */
    public int recent(int k) {
        if (k < 0 || k >= count) {
            throw new IndexOutOfBoundsException(k);
        }
        int found = -1;
        long below = Long.MAX_VALUE;
        for (int step = 0; step <= k; step++) {
            found = -1;
            for (int i = 0; i < count; i++) {
                if (stamps[i] < below && (found < 0 || stamps[i] > stamps[found])) {
                    found = i;
                }
            }
            below = stamps[found];
        }
        return found;
    }

    /** Removes all; drops large arrays. */
    public void clear() {
        count = 0;
        if (starts.length > KEPT_LENGTH) {
            starts = NONE;
            ends = NONE;
            stamps = NONE;
        }
    }

    /** The index of the first range whose end is at or after a position; {@link #count} if there is none. */
    private int firstEndingFrom(long position) {
        if (count == 0 || ends[count - 1] < position) { // beyond all: the most frequent case
            return count;
        }
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = low + high >>> 1;
            if (ends[middle] < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void insert(int i, long start, long end) {
        if (count == starts.length) {
            int length = Math.min(limit, Math.max(FIRST_LENGTH, 2 * count));
            starts = Arrays.copyOf(starts, length);
            ends = Arrays.copyOf(ends, length);
            stamps = Arrays.copyOf(stamps, length);
        }
        move(i, i + 1);
        starts[i] = start;
        ends[i] = end;
        count++;
    }

    private void remove(int from, int to) {
        if (from < to) {
            move(to, from);
            count -= to - from;
        }
    }

    /** Moves the ranges from one index on to another index. */
    private void move(int from, int to) {
        System.arraycopy(starts, from, starts, to, count - from);
        System.arraycopy(ends, from, ends, to, count - from);
        System.arraycopy(stamps, from, stamps, to, count - from);
    }
}
