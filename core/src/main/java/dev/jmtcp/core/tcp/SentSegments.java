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
 *
 * <p>Here is what happens to every segment: it is sent, sent again perhaps, acknowledged. What few meet works on the same records from beside:
 * {@link SelectiveAcks}, {@link LossMarks} and {@link Rack}, and {@link NextSegment}.
 */
public final class SentSegments {

    /** What {@link #rttSampleSentAt} returns if there is no sample. */
    public static final long NO_SAMPLE = Long.MIN_VALUE;

    /** Selectively acknowledged. Then neither LOST nor RETRANSMITTED. */
    static final int SACKED = 1;

    /** Thought to have been lost when it was sent first. */
    static final int LOST = 1 << 1;

    /** Sent again, and this retransmission not thought to be lost. */
    static final int RETRANSMITTED = 1 << 2;

    /** Ever sent again. */
    static final int RESENT = 1 << 3;

    /** Made of a part of the one before by a selective acknowledgement. */
    static final int SPLIT = 1 << 4;

    /** Its last byte had PSH. */
    private static final int PUSHED = 1 << 5;

    final SegmentRing ring = new SegmentRing();

    /** The stream position of {@link #una}: bytes acknowledged since the reset. */
    private long position;

    /** The stream positions selectively acknowledged; they begin and end where records do. */
    final Ranges sacked = new Ranges(SelectiveAcks.MAX_RANGES);

    /** Whether {@link #sacked} was used since the reset: most connections never do, and then it is not even looked at. */
    boolean sackUsed;

    private final Rack rack = new Rack();
    private final Prr prr = new Prr();
    private final HyStart hyStart = new HyStart();
    private final WindowUse windowUse = new WindowUse();

    int sackedBytes;
    int sackedSegments;
    int lostBytes;
    int retransmittedBytes;

    /** Bytes that are LOST and not RETRANSMITTED. */
    int waitingBytes;

    /** How many records are SPLIT. */
    int splits;

    /** All that is not SACKED below this sequence number has been marked LOST. */
    int lossEdge;

    /** There is nothing LOST and not RETRANSMITTED below this sequence number. */
    int resendEdge;

    private long rttSampleSentAt = NO_SAMPLE;

    /** Whether the last segment has gone again in this recovery only because there was room for it. */
    boolean rescued;

    /** Forgets everything; sending begins at a sequence number. */
    public void reset(int una) {
        ring.reset(una);
        position = 0;
        if (sackUsed) {
            sackUsed = false;
            sacked.clear();
        }
        rack.reset();
        hyStart.reset();
        windowUse.reset(una);
        sackedBytes = 0;
        sackedSegments = 0;
        lostBytes = 0;
        retransmittedBytes = 0;
        waitingBytes = 0;
        splits = 0;
        lossEdge = una;
        resendEdge = una;
        rttSampleSentAt = NO_SAMPLE;
    }

    /** Forgets everything; sending continues where it was. */
    public void clear() {
        reset(ring.nxt());
    }

    /** Gives up the memory that an empty record has for having been large. */
    public void shrink() {
        ring.shrink();
    }

    /** A segment was sent for the first time: from the end of the one before up to {@code end}. */
    public void sent(int end, long now) {
        if (!Seq.greaterThan(end, ring.nxt())) {
            throw new IllegalArgumentException("sent up to " + ring.nxt() + " before, " + end + " now");
        }
        ring.append(end, now);
    }

    /** The segment sent last had PSH. */
    void pushed() {
        int last = ring.count() - 1;
        ring.setFlags(last, ring.flags(last) | PUSHED);
    }

    /** Whether the last byte of a segment had PSH when it was sent first. */
    boolean wasPushed(int i) {
        return (ring.flags(i) & PUSHED) != 0;
    }

    /**
     * Everything below a sequence number was acknowledged.
     *
     * @param una at most the end of what was sent; one that acknowledges nothing new is ignored
     * @return the bytes newly acknowledged, with those selectively acknowledged before
     */
    public int acked(int una) {
        rttSampleSentAt = NO_SAMPLE;
        int bytes = una - ring.una();
        if (bytes <= 0) {
            return 0;
        }
        if (Seq.greaterThan(una, ring.nxt())) {
            throw new IllegalArgumentException("acknowledged up to " + una + ", sent up to " + ring.nxt());
        }
        long newest = NO_SAMPLE;
        int newestEnd = una;
        boolean resent = false;
        while (ring.una() != una) {
            int flags = ring.flags(0);
            int whole = ring.end(0);
            int end = Seq.min(whole, una);
            if ((flags & RESENT) != 0) {
                resent = true;
                if ((flags & SACKED) == 0 && end == whole) {
                    rack.arrived(ring.time(0), end, true);
                }
            } else if ((flags & SACKED) == 0) {
                if (newest == NO_SAMPLE) {
                    rack.arrived(ring.time(0), end, false);
                }
                newest = ring.time(0);
                newestEnd = end;
            }
            count(flags, ring.una() - end);
            if (end == whole) {
                splits -= (flags & SPLIT) != 0 ? 1 : 0;
                sackedSegments -= (flags & SACKED) != 0 ? 1 : 0;
            }
            ring.cut(end);
        }
        if (newest != NO_SAMPLE) {
            rack.arrived(newest, newestEnd, false);
        }
        position += bytes;
        if (hasSack()) {
            sacked.removeBelow(position);
        }
        lossEdge = Seq.max(lossEdge, una);
        resendEdge = Seq.max(resendEdge, una);
        // RFC 6298 section 3 (Karn): which sending of what was sent twice arrived is unknown, and the rest waited for
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
     * A segment, or the first part of one, was sent again.
     *
     * @param i which; not selectively acknowledged
     * @param end the sequence number up to which; at most its end
     */
    public void retransmitted(int i, int end, long now) {
        if ((ring.flags(i) & SACKED) != 0 || !Seq.greaterThan(end, start(i)) || Seq.greaterThan(end, end(i))) {
            throw new IllegalArgumentException("segment " + i + " up to " + end);
        }
        if (end != end(i)) {
            split(i, end);
        }
        change(i, ring.flags(i) | RETRANSMITTED | RESENT);
        ring.setTime(i, now);
        rack.resent(start(i), end, now);
    }

    /** Makes the last segment, if it has more bytes than so many, two, the second no longer than that; answers its index. */
    int cutTail(int most) {
        int last = ring.count() - 1;
        int length = end(last) - start(last);
        if (length <= most) {
            return last;
        }
        split(last, end(last) - ((length - 1) % most + 1));
        return last + 1;
    }

    /** Fast recovery begins. */
    void recoveryBegins() {
        rescued = false;
    }

    /** The last segment has gone again only because there was room for it. */
    void rescued() {
        rescued = true;
    }

    /** Reads something of each cache line that an acknowledgment needs, for {@link Lookahead}. */
    long readAhead() {
        return position + lossEdge + (sackUsed ? 1 : 0);
    }

    /** The same of its parts. */
    long readPartsAhead() {
        return (ring.count() == 0 ? 0 : ring.time(0)) + rack.deadline() + hyStart.divisor();
    }

    /** Loss detection by time. */
    Rack rack() {
        return rack;
    }

    /** When the first slow start is to end. */
    HyStart hyStart() {
        return hyStart;
    }

    /** How much may be sent during fast recovery. */
    Prr prr() {
        return prr;
    }

    /** How much of the congestion window is used. */
    WindowUse windowUse() {
        return windowUse;
    }

    /** The first sequence number that is neither selectively acknowledged nor marked lost, as far as is known: all below is. */
    int firstUnproven() {
        return unsackedFrom(lossEdge);
    }

    /** All below a sequence number is selectively acknowledged, lost or sent again. */
    void proven(int seq) {
        lossEdge = seq;
    }

    /** The first sequence number at or after another that is not selectively acknowledged. */
    int unsackedFrom(int seq) {
        return seqAt(sacked.contiguousEnd(positionOf(seq)));
    }

    /** How many records there are. */
    public int count() {
        return ring.count();
    }

    /** The first sequence number not acknowledged. */
    public int una() {
        return ring.una();
    }

    /** The sequence number after the last one sent. */
    public int nxt() {
        return ring.nxt();
    }

    /** The first sequence number of a segment. */
    public int start(int i) {
        return ring.start(i);
    }

    /** The sequence number after a segment. */
    public int end(int i) {
        return ring.end(i);
    }

    /** When a segment was sent last, in nanoseconds. */
    public long sentAt(int i) {
        return ring.time(i);
    }

    /** Whether a segment is selectively acknowledged. */
    public boolean isSacked(int i) {
        return (ring.flags(i) & SACKED) != 0;
    }

    /** Whether a segment is thought to have been lost when it was sent first. */
    public boolean isLost(int i) {
        return (ring.flags(i) & LOST) != 0;
    }

    /** Whether a segment was sent again, and this is not thought to be lost. */
    public boolean isRetransmitted(int i) {
        return (ring.flags(i) & RETRANSMITTED) != 0;
    }

    /** Whether a segment was ever sent more than once. */
    public boolean wasResent(int i) {
        return (ring.flags(i) & RESENT) != 0;
    }

    /** The segment that a sequence number not below {@link #una} is in; {@link #count} if it is beyond the last. */
    public int indexOf(int seq) {
        return ring.indexOf(seq);
    }

    /** Bytes sent and not acknowledged: SND.NXT - SND.UNA, FlightSize. */
    public int outstanding() {
        return ring.nxt() - ring.una();
    }

    /** Bytes selectively acknowledged. */
    public int sackedBytes() {
        return sackedBytes;
    }

    /** How many separate ranges are selectively acknowledged. */
    int sackedRanges() {
        return sacked.count();
    }

    /** Where such a range begins; 0 is the lowest. */
    int sackedStart(int range) {
        return seqAt(sacked.start(range));
    }

    /** The sequence number after such a range. */
    int sackedEnd(int range) {
        return seqAt(sacked.end(range));
    }

    /** How many records are selectively acknowledged. */
    int sackedSegments() {
        return sackedSegments;
    }

    /** Bytes thought to be lost and not sent again since. */
    int waitingBytes() {
        return waitingBytes;
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
        return sackUsed && sacked.count() > 0;
    }

    /** The sequence number after the highest selectively acknowledged; {@link #una} if there is none. */
    public int highestSacked() {
        return hasSack() ? seqAt(sacked.end(sacked.count() - 1)) : ring.una();
    }

    /** Sets the flags of a record and keeps the counts and edges right. */
    void change(int i, int flags) {
        int start = ring.start(i);
        int bytes = ring.end(i) - start;
        count(ring.flags(i), -bytes);
        count(flags, bytes);
        ring.setFlags(i, flags);
        if ((flags & (LOST | RETRANSMITTED)) == LOST) {
            resendEdge = Seq.min(resendEdge, start);
        }
    }

    /** Adds bytes to the counts that they belong to by their flags. */
    private void count(int flags, int bytes) {
        if ((flags & (SACKED | LOST | RETRANSMITTED)) == 0) {
            return;
        }
        if ((flags & SACKED) != 0) {
            sackedBytes += bytes;
        }
        if ((flags & LOST) != 0) {
            lostBytes += bytes;
        }
        if ((flags & RETRANSMITTED) != 0) {
            retransmittedBytes += bytes;
        }
        if ((flags & (LOST | RETRANSMITTED)) == LOST) {
            waitingBytes += bytes;
        }
    }

    /** Makes two records of one; the second begins at a sequence number within it. */
    void split(int i, int seq) {
        ring.split(i, seq);
        ring.setFlags(i, ring.flags(i) & ~PUSHED);
        ring.setFlags(i + 1, ring.flags(i + 1) & ~SPLIT);
    }

    /** The sequence number at a stream position. */
    int seqAt(long at) {
        return ring.una() + (int) (at - position);
    }

    /** The stream position of a sequence number. */
    long positionOf(int seq) {
        return position + Seq.distance(seq, ring.una());
    }
}
