package dev.jmtcp.core.tcp;

import dev.jmtcp.core.buffer.Ranges;

/**
 * What one connection has sent and not had acknowledged: the scoreboard of loss recovery (RFC 6675). Sequence numbers include those of SYN and FIN,
 * which count as bytes here. Belongs to the connection's thread; allocates only when more is in flight than ever before.
 *
 * <p>A record is kept for each segment sent, in order; each begins where the one before ends, the first at SND.UNA:
 *
 * <pre>
 *   una         end(0)     end(1)        end(2)        nxt = end(count - 1)
 *    |  record 0  |  record 1 |   record 2  |  record 3  |
 *                   LOST,        SACKED
 *                   RETRANSMITTED
 * </pre>
 *
 * <p>Records are named by their index, 0 for the oldest; any change of the records makes indexes void. A record is split when only a part of it is
 * selectively acknowledged or sent again. The byte counts are kept up to date with each change. Time per segment is constant, amortised, for sending
 * and acknowledging; a selective acknowledgement takes time in proportion to what it newly covers, and the logarithm of what is in flight.
 */
public final class SentSegments {

    /** What {@link #rttSampleSentAt} returns if there is no sample. */
    public static final long NO_SAMPLE = Long.MIN_VALUE;

    /** Selectively acknowledged. Then neither LOST nor RETRANSMITTED. */
    private static final int SACKED = 1;

    /** Thought to have been lost when it was sent first. */
    private static final int LOST = 1 << 1;

    /** Sent again, and this retransmission not thought to be lost. */
    private static final int RETRANSMITTED = 1 << 2;

    /** Ever sent again. */
    private static final int RESENT = 1 << 3;

    /** Made by splitting the one before. */
    private static final int SPLIT = 1 << 4;

    private static final int FIRST_LENGTH = 8;

    /** Arrays up to this length are kept by {@link #reset}. */
    private static final int KEPT_LENGTH = 64;

    /**
     * How many records selective acknowledgements may add by splitting, so that odd ones cannot take memory and time without bound. Beyond, a record
     * that is acknowledged in part counts as not acknowledged.
     */
    private static final int MAX_SPLITS = 1024;

    /** How many separate ranges may be selectively acknowledged; more are not recorded. */
    private static final int MAX_RANGES = 1024;

    private static final int[] NO_ENDS = {};
    private static final long[] NO_TIMES = {};
    private static final byte[] NO_FLAGS = {};

    /** The sequence number after each record; a ring, whose length is a power of two or 0. */
    private int[] ends = NO_ENDS;

    /** When each record was sent last, in nanoseconds. */
    private long[] times = NO_TIMES;

    private byte[] flags = NO_FLAGS;

    /** Where in the ring record 0 is. */
    private int head;

    /** How many records there are. */
    private int count;

    /** The first sequence number not acknowledged. */
    private int una;

    /** The sequence number after the last one sent. */
    private int nxt;

    /** The stream position of {@link #una}: bytes acknowledged since the reset. */
    private long position;

    /** The stream positions selectively acknowledged; they begin and end where records do. */
    private final Ranges sacked = new Ranges(MAX_RANGES);

    private int sackedBytes;
    private int lostBytes;
    private int retransmittedBytes;

    /** Bytes that are LOST and not RETRANSMITTED. */
    private int waitingBytes;

    /** How many records are SPLIT. */
    private int splits;

    /** All that is not SACKED below this sequence number has been marked LOST by {@link #detectLost} or {@link #markAllLost}. */
    private int lossEdge;

    /** There is nothing LOST and not RETRANSMITTED below this sequence number. */
    private int resendEdge;

    private long rttSampleSentAt = NO_SAMPLE;

    /** Forgets everything; sending begins at a sequence number. Large arrays are dropped. */
    public void reset(int una) {
        if (ends.length > KEPT_LENGTH) {
            ends = NO_ENDS;
            times = NO_TIMES;
            flags = NO_FLAGS;
        }
        head = 0;
        count = 0;
        this.una = una;
        nxt = una;
        position = 0;
        sacked.clear();
        sackedBytes = 0;
        lostBytes = 0;
        retransmittedBytes = 0;
        waitingBytes = 0;
        splits = 0;
        lossEdge = una;
        resendEdge = una;
        rttSampleSentAt = NO_SAMPLE;
    }

    /** Forgets everything; sending continues where it was. Large arrays are dropped. */
    public void clear() {
        reset(nxt);
    }

    /** A segment was sent for the first time: from the end of the one before up to {@code end}. */
    public void sent(int end, long now) {
        if (!Seq.greaterThan(end, nxt)) {
            throw new IllegalArgumentException("sent up to " + nxt + " before, " + end + " now");
        }
        if (count == ends.length) {
            grow();
        }
        int i = head + count & ends.length - 1;
        ends[i] = end;
        times[i] = now;
        flags[i] = 0;
        count++;
        nxt = end;
    }

    /**
     * Everything below a sequence number was acknowledged.
     *
     * @param una at most the end of what was sent; one that acknowledges nothing new is ignored
     * @return the bytes newly acknowledged, with those selectively acknowledged before
     */
    public int acked(int una) {
        rttSampleSentAt = NO_SAMPLE;
        int bytes = una - this.una;
        if (bytes <= 0) {
            return 0;
        }
        if (Seq.greaterThan(una, nxt)) {
            throw new IllegalArgumentException("acknowledged up to " + una + ", sent up to " + nxt);
        }
        long newest = NO_SAMPLE;
        boolean resent = false;
        while (this.una != una) {
            int flag = flags[head];
            int end = Seq.min(ends[head], una);
            if ((flag & RESENT) != 0) {
                resent = true;
            } else if ((flag & SACKED) == 0) {
                newest = times[head];
            }
            count(flag, this.una - end);
            if (end == ends[head]) {
                head = head + 1 & ends.length - 1;
                count--;
                splits -= (flag & SPLIT) == 0 ? 0 : 1;
            }
            this.una = end;
        }
        position += bytes;
        if (sacked.count() > 0) {
            sacked.removeBelow(position);
        }
        lossEdge = Seq.max(lossEdge, una);
        resendEdge = Seq.max(resendEdge, una);
        // RFC 6298 section 3 (Karn): nothing is known of when what was sent twice arrived, nor of what had to wait for
        // it.
        rttSampleSentAt = resent ? NO_SAMPLE : newest;
        return bytes;
    }

    /**
     * When the newest segment was sent of those acknowledged by the last {@link #acked}; {@link #NO_SAMPLE} if it acknowledged nothing, something sent
     * more than once, or only what was selectively acknowledged before.
     */
    public long rttSampleSentAt() {
        return rttSampleSentAt;
    }

    /**
     * A block was selectively acknowledged, from {@code start} up to {@code end}. One that is empty or reaches beyond what was sent is ignored, and so
     * is the part of one below what is acknowledged.
     *
     * @return the bytes newly acknowledged
     */
    public int sack(int start, int end) {
        if (!Seq.lessThan(start, end) || Seq.greaterThan(end, nxt) || Seq.lessOrEqual(end, una)) {
            return 0;
        }
        int bytes = 0;
        long at = position + Seq.distance(Seq.max(start, una), una);
        long last = position + Seq.distance(end, una);
        while (at < last) {
            at = sacked.contiguousEnd(at);
            if (at < last) {
                long gapEnd = Math.min(last, sacked.nextStart(at));
                bytes += sackGap(seqAt(at), seqAt(gapEnd));
                at = gapEnd;
            }
        }
        return bytes;
    }

    /**
     * Marks as lost what the selective acknowledgements say is (RFC 6675 section 4, IsLost): all that has not been acknowledged below {@code dupThresh}
     * segments that have, or below more than {@code dupThresh - 1} times {@code smss} bytes that have. RFC 6675 counts separate ranges instead of
     * segments; segments, as in Linux, also serve when they are small.
     *
     * @return the bytes newly marked
     */
    public int detectLost(int smss, int dupThresh) {
        int before = lostBytes;
        int edge = provenEdge(smss, dupThresh);
        if (Seq.greaterThan(edge, lossEdge)) {
            for (int i = indexOf(lossEdge); i < count && Seq.lessThan(start(i), edge); i++) {
                if ((flag(i) & (SACKED | LOST)) == 0) {
                    change(i, flag(i) | LOST);
                }
            }
            lossEdge = edge;
        }
        return lostBytes - before;
    }

    /** Marks the oldest segment that is not selectively acknowledged as lost (RFC 6582); returns the bytes newly marked. */
    public int markHeadLost() {
        return markHeadLost(Integer.MAX_VALUE);
    }

    /** Like {@link #markHeadLost()}, but at most so many bytes of it. */
    public int markHeadLost(int most) {
        int seq = seqAt(sacked.contiguousEnd(position));
        if (seq == nxt) {
            return 0;
        }
        int before = lostBytes;
        int i = indexOf(seq);
        if ((flag(i) & LOST) == 0) {
            if (end(i) - seq > most) {
                split(i, seq + most);
            }
            change(i, flag(i) | LOST);
        }
        return lostBytes - before;
    }

    /** Marks a segment as lost, also when it was sent again: then it is to be sent once more. Does nothing to one selectively acknowledged. */
    public void markLost(int i) {
        if ((flag(i) & SACKED) == 0) {
            change(i, (flag(i) | LOST) & ~RETRANSMITTED);
        }
    }

    /** Marks all that is not selectively acknowledged as lost, and nothing as sent again: after a timeout (RFC 5681 section 3.1, RFC 6675 section 5.1). */
    public void markAllLost() {
        for (int i = 0; i < count; i++) {
            int at = head + i & ends.length - 1;
            if ((flags[at] & SACKED) == 0) {
                flags[at] = (byte) ((flags[at] | LOST) & ~RETRANSMITTED);
            }
        }
        lostBytes = outstanding() - sackedBytes;
        waitingBytes = lostBytes;
        retransmittedBytes = 0;
        lossEdge = nxt;
        resendEdge = una;
    }

    /** Takes back that anything was lost: after a timeout or recovery that turns out to have been needless (RFC 4015, RFC 5682). */
    public void forgetLosses() {
        for (int i = 0; i < count; i++) {
            flags[head + i & ends.length - 1] &= ~LOST;
        }
        lostBytes = 0;
        waitingBytes = 0;
        lossEdge = una;
        resendEdge = nxt;
    }

    /** Takes back all selective acknowledgements: the receiver may have dropped what it had (RFC 2018 section 8). */
    public void forgetSacks() {
        for (int i = 0; i < count; i++) {
            flags[head + i & ends.length - 1] &= ~SACKED;
        }
        sacked.clear();
        sackedBytes = 0;
        lossEdge = una;
    }

    /** The oldest segment that is lost and has not been sent again since; -1 if there is none. */
    public int nextLost() {
        if (waitingBytes == 0) {
            return -1;
        }
        int i = indexOf(resendEdge);
        while ((flag(i) & (LOST | RETRANSMITTED)) != LOST) {
            i++;
        }
        resendEdge = start(i);
        return i;
    }

    /**
     * A segment, or the first part of one, was sent again.
     *
     * @param i which; not selectively acknowledged
     * @param end the sequence number up to which; at most its end
     */
    public void retransmitted(int i, int end, long now) {
        if ((flag(i) & SACKED) != 0 || !Seq.greaterThan(end, start(i)) || Seq.greaterThan(end, end(i))) {
            throw new IllegalArgumentException("segment " + i + " up to " + end);
        }
        if (end != end(i)) {
            split(i, end);
        }
        change(i, flag(i) | RETRANSMITTED | RESENT);
        times[head + i & ends.length - 1] = now;
    }

    /** How many records there are. */
    public int count() {
        return count;
    }

    /** The first sequence number not acknowledged. */
    public int una() {
        return una;
    }

    /** The sequence number after the last one sent. */
    public int nxt() {
        return nxt;
    }

    /** The first sequence number of a segment. */
    public int start(int i) {
        return i == 0 ? una : ends[head + i - 1 & ends.length - 1];
    }

    /** The sequence number after a segment. */
    public int end(int i) {
        return ends[head + i & ends.length - 1];
    }

    /** When a segment was sent last, in nanoseconds. */
    public long sentAt(int i) {
        return times[head + i & ends.length - 1];
    }

    /** Whether a segment is selectively acknowledged. */
    public boolean isSacked(int i) {
        return (flag(i) & SACKED) != 0;
    }

    /** Whether a segment is thought to have been lost when it was sent first. */
    public boolean isLost(int i) {
        return (flag(i) & LOST) != 0;
    }

    /** Whether a segment was sent again, and this is not thought to be lost. */
    public boolean isRetransmitted(int i) {
        return (flag(i) & RETRANSMITTED) != 0;
    }

    /** Whether a segment was ever sent more than once. */
    public boolean wasResent(int i) {
        return (flag(i) & RESENT) != 0;
    }

    /** The segment that a sequence number not below {@link #una} is in; {@link #count} if it is beyond the last. */
    public int indexOf(int seq) {
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

    /** Bytes sent and not acknowledged: SND.NXT - SND.UNA, FlightSize. */
    public int outstanding() {
        return nxt - una;
    }

    /** Bytes selectively acknowledged. */
    public int sackedBytes() {
        return sackedBytes;
    }

    /** Bytes thought to have been lost when they were sent first, whether sent again or not. */
    public int lostBytes() {
        return lostBytes;
    }

    /** Bytes sent again of which the retransmission is not thought to be lost. */
    public int retransmittedBytes() {
        return retransmittedBytes;
    }

    /** What is thought to be in the network, in bytes (RFC 6675 section 4, SetPipe). */
    public int pipe() {
        return outstanding() - sackedBytes - lostBytes + retransmittedBytes;
    }

    /** Whether anything is selectively acknowledged. */
    public boolean hasSack() {
        return sacked.count() > 0;
    }

    /** The sequence number after the highest selectively acknowledged; {@link #una} if there is none. */
    public int highestSacked() {
        return hasSack() ? seqAt(sacked.end(sacked.count() - 1)) : una;
    }

    /** Marks what lies between two selectively acknowledged ranges, or the part of it that whole records cover. */
    private int sackGap(int from, int to) {
        int start = from;
        int end = to;
        int first = indexOf(start);
        if (start(first) != start) {
            if (splits < MAX_SPLITS) {
                split(first, start);
            } else {
                start = end(first);
            }
            first++;
        }
        int last = indexOf(end - 1);
        if (end(last) != end) {
            if (splits < MAX_SPLITS) {
                split(last, end);
            } else {
                end = start(last);
                last--;
            }
        }
        if (!Seq.lessThan(start, end) || !sacked.add(positionOf(start), positionOf(end))) {
            return 0;
        }
        for (int i = first; i <= last; i++) {
            change(i, flag(i) & ~(LOST | RETRANSMITTED) | SACKED);
        }
        return end - start;
    }

    /** The sequence number below which all that is not selectively acknowledged is lost; una if nothing is. */
    private int provenEdge(int smss, int dupThresh) {
        int segments = 0;
        int bytes = 0;
        int most = (dupThresh - 1) * smss;
        for (int range = sacked.count() - 1; range >= 0; range--) {
            int start = seqAt(sacked.start(range));
            int i = indexOf(seqAt(sacked.end(range)) - 1);
            int low;
            do {
                low = start(i);
                segments++;
                bytes += end(i) - low;
                if (segments >= dupThresh || bytes > most) {
                    return low;
                }
                i--;
            } while (low != start);
        }
        return una;
    }

    /** Sets the flags of a record and keeps the counts and edges right. */
    private void change(int i, int flag) {
        int at = head + i & ends.length - 1;
        int start = start(i);
        int bytes = ends[at] - start;
        count(flags[at], -bytes);
        count(flag, bytes);
        flags[at] = (byte) flag;
        if ((flag & (LOST | RETRANSMITTED)) == LOST) {
            resendEdge = Seq.min(resendEdge, start);
        }
    }

    /** Adds bytes to the counts that they belong to by their flags. */
    private void count(int flag, int bytes) {
        if ((flag & (SACKED | LOST | RETRANSMITTED)) == 0) {
            return;
        }
        if ((flag & SACKED) != 0) {
            sackedBytes += bytes;
        }
        if ((flag & LOST) != 0) {
            lostBytes += bytes;
        }
        if ((flag & RETRANSMITTED) != 0) {
            retransmittedBytes += bytes;
        }
        if ((flag & (LOST | RETRANSMITTED)) == LOST) {
            waitingBytes += bytes;
        }
    }

    /** Makes two records of one; the second begins at a sequence number within it. */
    private void split(int i, int seq) {
        if (count == ends.length) {
            grow();
        }
        int mask = ends.length - 1;
        if (i < count / 2) {
            head = head - 1 & mask;
            for (int k = 0; k <= i; k++) {
                copy(head + k + 1 & mask, head + k & mask);
            }
        } else {
            for (int k = count - 1; k >= i; k--) {
                copy(head + k & mask, head + k + 1 & mask);
            }
        }
        count++;
        ends[head + i & mask] = seq; // both halves are copies of the whole now
        flags[head + i + 1 & mask] |= SPLIT;
        splits++;
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

    private int flag(int i) {
        return flags[head + i & ends.length - 1];
    }

    private int seqAt(long at) {
        return una + (int) (at - position);
    }

    private long positionOf(int seq) {
        return position + Seq.distance(seq, una);
    }
}
