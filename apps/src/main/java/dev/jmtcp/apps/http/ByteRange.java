package dev.jmtcp.apps.http;

/**
 * The range that a request asks for (RFC 9110 section 14): one range of bytes, from a place on or at the end. What is malformed, of another unit
 * or of several ranges counts as no range, which the RFC allows. Reused; belongs to one thread.
 */
public final class ByteRange {

    private static final byte[] UNIT = Ascii.bytes("bytes=");
    private static final long NONE = -1;

    /** The first place, or {@link #NONE} with a suffix. */
    private long first = NONE;

    /** The last place, or the length of a suffix, or {@link #NONE}. */
    private long last = NONE;

    private long offset;
    private long length;

    /** Forgets the range. */
    void clear() {
        first = NONE;
        last = NONE;
    }

    /** Whether a range is asked for. */
    public boolean isPresent() {
        return first != NONE || last != NONE;
    }

    /** Takes the value of a Range field. */
    void parse(byte[] text, int from, int to) {
        clear();
        int start = from + UNIT.length;
        if (to < start || !Ascii.equalsIgnoreCase(text, from, start, UNIT)) {
            return;
        }
        int dash = start;
        while (dash < to && text[dash] != '-') {
            dash++;
        }
        if (dash == to) {
            return;
        }
        long before = Ascii.number(text, start, dash);
        long after = Ascii.number(text, dash + 1, to);
        boolean openEnd = dash + 1 == to;
        if (dash == start && after >= 0) {
            last = after;
        } else if (before >= 0 && (openEnd || after >= before)) {
            first = before;
            last = openEnd ? NONE : after;
        }
    }

    /**
     * Lays the range over content of a size: {@link #offset} and {@link #length} then say what to send.
     *
     * @return {@link Status#OK} for all of it, {@link Status#PARTIAL_CONTENT}, or {@link Status#RANGE_NOT_SATISFIABLE}
     */
    public Status resolve(long size) {
        offset = 0;
        length = size;
        if (!isPresent() || size == 0 && first == NONE && last > 0) {
            return Status.OK; // the end of nothing is nothing, which no Content-Range can say
        }
        if (first == NONE) {
            if (last == 0) {
                return Status.RANGE_NOT_SATISFIABLE;
            }
            length = Math.min(last, size);
            offset = size - length;
            return Status.PARTIAL_CONTENT;
        }
        if (first >= size) {
            return Status.RANGE_NOT_SATISFIABLE;
        }
        offset = first;
        length = (last == NONE ? size : Math.min(last, size - 1) + 1) - first;
        return Status.PARTIAL_CONTENT;
    }

    /** Where to begin, after {@link #resolve}. */
    public long offset() {
        return offset;
    }

    /** How many bytes to send, after {@link #resolve}. */
    public long length() {
        return length;
    }
}
