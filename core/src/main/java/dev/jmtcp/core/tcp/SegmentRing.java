package dev.jmtcp.core.tcp;

/**
 * The records that {@link SentSegments} keeps, in arrays used as a ring. Consecutive: each begins where the one before ends, the first at {@link #una}.
 * Belongs to the connection's thread; allocates only when there are more records than ever before.
 */
final class SegmentRing {

    private static final int FIRST_LENGTH = 8;

    /** Arrays up to this length are kept by {@link #shrink}. */
    private static final int KEPT_LENGTH = 64;

    private static final int[] NO_ENDS = {};
    private static final long[] NO_TIMES = {};
    private static final byte[] NO_FLAGS = {};

    /** The sequence number after each record; the length is a power of two or 0. */
    private int[] ends = NO_ENDS;

    /** When each record was sent last, in nanoseconds. */
    private long[] times = NO_TIMES;

    private byte[] flags = NO_FLAGS;

    /** Where in the ring record 0 is. */
    private int head;

    /** How many records there are. */
    private int count;

    /** The first sequence number of record 0. */
    private int una;

    /** The sequence number after the last record. */
    private int nxt;

    /** Removes all; the next record begins at a sequence number. */
    void reset(int una) {
        head = 0;
        count = 0;
        this.una = una;
        nxt = una;
    }

    /** Gives up the arrays of an empty ring if they are large. */
    void shrink() {
        if (count == 0 && ends.length > KEPT_LENGTH) {
            ends = NO_ENDS;
            times = NO_TIMES;
            flags = NO_FLAGS;
        }
    }

    int count() {
        return count;
    }

    int una() {
        return una;
    }

    int nxt() {
        return nxt;
    }

    int start(int i) {
        return i == 0 ? una : ends[at(i - 1)];
    }

    int end(int i) {
        return ends[at(i)];
    }

    long time(int i) {
        return times[at(i)];
    }

    void setTime(int i, long time) {
        times[at(i)] = time;
    }

    int flags(int i) {
        return flags[at(i)];
    }

    void setFlags(int i, int value) {
        flags[at(i)] = (byte) value;
    }

    /** The record that a sequence number not below {@link #una} is in; {@link #count} if it is beyond the last. */
    int indexOf(int seq) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = low + high >>> 1;
            if (Seq.lessOrEqual(end(middle), seq)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Adds a record without flags after the last. */
    void append(int end, long time) {
        if (count == ends.length) {
            grow();
        }
        int at = at(count);
        ends[at] = end;
        times[at] = time;
        flags[at] = 0;
        count++;
        nxt = end;
    }

    /** Cuts off what is below a sequence number in record 0, or all of it. */
    void cut(int seq) {
        if (ends[head] == seq) {
            head = at(1);
            count--;
        }
        una = seq;
    }

    /** Makes two records of one, with the same time and flags; the second begins at a sequence number within it. */
    void split(int i, int seq) {
        if (count == ends.length) {
            grow();
        }
        if (i < count / 2) { // move the fewer
            head = at(-1);
            for (int k = 0; k <= i; k++) {
                copy(at(k + 1), at(k));
            }
        } else {
            for (int k = count - 1; k >= i; k--) {
                copy(at(k), at(k + 1));
            }
        }
        count++;
        ends[at(i)] = seq;
    }

    private int at(int i) {
        return head + i & ends.length - 1;
    }

    private void copy(int from, int to) {
        ends[to] = ends[from];
        times[to] = times[from];
        flags[to] = flags[from];
    }

    private void grow() {
        int length = Math.max(FIRST_LENGTH, 2 * ends.length);
        int[] newEnds = new int[length];
        long[] newTimes = new long[length];
        byte[] newFlags = new byte[length];
        int first = Math.min(count, ends.length - head);
        System.arraycopy(ends, head, newEnds, 0, first);
        System.arraycopy(times, head, newTimes, 0, first);
        System.arraycopy(flags, head, newFlags, 0, first);
        System.arraycopy(ends, 0, newEnds, first, count - first);
        System.arraycopy(times, 0, newTimes, first, count - first);
        System.arraycopy(flags, 0, newFlags, first, count - first);
        ends = newEnds;
        times = newTimes;
        flags = newFlags;
        head = 0;
    }
}
