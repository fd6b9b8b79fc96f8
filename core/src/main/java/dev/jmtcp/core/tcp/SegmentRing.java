package dev.jmtcp.core.tcp;

/**
 * The records that {@link SentSegments} keeps, in an array used as a ring. Consecutive: each begins where the one before ends, the first at {@link #una}.
 * Belongs to the connection's thread; allocates only when there are more records than ever before.
 *
 * <pre>
 *  the longs of a record:  | time of the last sending | end, 32 bits | flags, 32 bits |
 * </pre>
 *
 * One array, so that the only record that most connections ever have at a time takes one cache line.
 */
final class SegmentRing {

    private static final int FIRST_RECORDS = 8;

    /** An array of up to so many records is kept by {@link #shrink}. */
    private static final int KEPT_RECORDS = 64;

    private static final long[] NONE = {};
    private static final int END_SHIFT = 32;

    /** A record has two longs; the number of records that have room is a power of two or 0. */
    private long[] records = NONE;

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

    /** Gives up the array of an empty ring if it is large. */
    void shrink() {
        if (count == 0 && room() > KEPT_RECORDS) {
            records = NONE;
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
        return i == 0 ? una : end(i - 1);
    }

    int end(int i) {
        return (int) (records[at(i) + 1] >> END_SHIFT);
    }

    long time(int i) {
        return records[at(i)];
    }

    void setTime(int i, long time) {
        records[at(i)] = time;
    }

    int flags(int i) {
        return (int) records[at(i) + 1];
    }

    void setFlags(int i, int value) {
        records[at(i) + 1] = pack(end(i), value);
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
        if (count == room()) {
            grow();
        }
        int at = at(count);
        records[at] = time;
        records[at + 1] = pack(end, 0);
        count++;
        nxt = end;
    }

    /** Cuts off what is below a sequence number in record 0, or all of it. */
    void cut(int seq) {
        if (end(0) == seq) {
            head = head + 1 & room() - 1;
            count--;
        }
        una = seq;
    }

    /** Makes two records of one, with the same time and flags; the second begins at a sequence number within it. */
    void split(int i, int seq) {
        if (count == room()) {
            grow();
        }
        if (i < count / 2) { // move the fewer
            head = head - 1 & room() - 1;
            for (int k = 0; k <= i; k++) {
                copy(at(k + 1), at(k));
            }
        } else {
            for (int k = count - 1; k >= i; k--) {
                copy(at(k), at(k + 1));
            }
        }
        count++;
        records[at(i) + 1] = pack(seq, flags(i));
    }

    private static long pack(int end, int flags) {
        return (long) end << END_SHIFT | flags;
    }

    private int room() {
        return records.length >> 1;
    }

    /** Where the first long of a record is. */
    private int at(int i) {
        return (head + i & room() - 1) << 1;
    }

    private void copy(int from, int to) {
        records[to] = records[from];
        records[to + 1] = records[from + 1];
    }

    private void grow() {
        long[] wider = new long[Math.max(2 * FIRST_RECORDS, 2 * records.length)];
        int first = Math.min(count, room() - head);
        System.arraycopy(records, 2 * head, wider, 0, 2 * first);
        System.arraycopy(records, 0, wider, 2 * first, 2 * (count - first));
        records = wider;
        head = 0;
    }
}
