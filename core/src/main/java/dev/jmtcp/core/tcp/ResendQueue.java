package dev.jmtcp.core.tcp;

/** What has been sent again, in the order of time, in arrays used as a ring; what has arrived meanwhile is still there. Belongs to the connection's thread. */
final class ResendQueue {

    private static final int FIRST_LENGTH = 8;

    /** Arrays up to this length are kept by {@link #clear}. */
    private static final int KEPT_LENGTH = 64;

    private static final int[] NO_NUMBERS = {};
    private static final long[] NO_TIMES = {};

    private int[] starts = NO_NUMBERS;
    private int[] ends = NO_NUMBERS;
    private long[] times = NO_TIMES;
    private int head;
    private int count;

    void clear() {
        head = 0;
        count = 0;
        if (starts.length > KEPT_LENGTH) {
            starts = NO_NUMBERS;
            ends = NO_NUMBERS;
            times = NO_TIMES;
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The first sequence number of the oldest. */
    int start() {
        return starts[head];
    }

    /** The sequence number after the oldest. */
    int end() {
        return ends[head];
    }

    /** When the oldest was sent. */
    long sentAt() {
        return times[head];
    }

    void remove() {
        head = head + 1 & starts.length - 1;
        count--;
    }

    void add(int start, int end, long sentAt) {
        if (count == starts.length) {
            grow();
        }
        int at = head + count & starts.length - 1;
        starts[at] = start;
        ends[at] = end;
        times[at] = sentAt;
        count++;
    }

    private void grow() {
        int length = Math.max(FIRST_LENGTH, 2 * starts.length);
        int[] newStarts = new int[length];
        int[] newEnds = new int[length];
        long[] newTimes = new long[length];
        for (int i = 0; i < count; i++) {
            int at = head + i & starts.length - 1;
            newStarts[i] = starts[at];
            newEnds[i] = ends[at];
            newTimes[i] = times[at];
        }
        starts = newStarts;
        ends = newEnds;
        times = newTimes;
        head = 0;
    }
}
