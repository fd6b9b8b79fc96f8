package dev.jmtcp.core.tcp;

/**
 * Finds losses by time (RACK, RFC 8985 section 6): what was sent before something that has arrived, and has not arrived itself within a round trip and a
 * reordering window, is lost; what was sent again is treated the same. Part of {@link SentSegments}; belongs to the connection's thread; allocates only when
 * more retransmissions are on their way than ever before. Times are nanoseconds.
 *
 * <p>What was sent once lies in {@link SentSegments} in the order of time, what was sent again in a queue of its own, so nothing is looked at twice.
 */
final class Rack {

    /** When the last sent of all segments that have arrived was sent: RACK.xmit_ts. */
    private long sentAt;

    /** Where that segment ends: RACK.end_seq. */
    private int end;

    /** How long it took to be acknowledged: RACK.rtt. */
    private long rtt;

    /** Whether anything has arrived. */
    private boolean known;

    /** Whether that has changed since {@link #detect} was called last. */
    private boolean advanced;

    /** When what waits for the reordering window is to be looked at again; {@link Connection#NEVER} if nothing does. */
    private long deadline = Connection.NEVER;

    /** Whether something that had never been sent again arrived after something sent later (RFC 8985 section 6.2, step 3). */
    private boolean reordered;

    /** Whether the last {@link #detect} found a retransmission to be lost. */
    private boolean retransmissionLost;

    // What the ACK that is being processed says.
    private long now;
    private long minRtt;
    private int echo;
    private boolean echoes;

    /** The sequence number after the highest selectively acknowledged before this ACK. */
    private int top;

    /** The end of what was in flight when recovery began. */
    private int point;

    /** When the newest segment was sent of those that this ACK acknowledges selectively and that were never sent again; {@link SentSegments#NO_SAMPLE} if none. */
    private long sackedSentAt;

    private boolean originalArrived;
    private boolean resentArrived;

    private final ResendQueue resends = new ResendQueue();

    /** Whether {@link #resends} was used since the reset; if not, it is not even looked at. */
    private boolean hasResent;

    void reset() {
        known = false;
        advanced = false;
        deadline = Connection.NEVER;
        reordered = false;
        if (hasResent) {
            hasResent = false;
            resends.clear();
        }
    }

    /**
     * An ACK has come.
     *
     * @param echo the timestamp it echoes, in milliseconds of the clock of {@code now}
     * @param echoes whether it echoes one
     * @param point RecoveryPoint
     */
    void begin(SentSegments sent, long now, long minRtt, int echo, boolean echoes, int point) {
        this.now = now;
        this.minRtt = minRtt;
        this.echo = echo;
        this.echoes = echoes;
        top = sent.highestSacked();
        reordered = false;
        retransmissionLost = false;
        this.point = point;
        originalArrived = false;
        resentArrived = false;
        sackedSentAt = SentSegments.NO_SAMPLE;
    }

    /** A segment has been selectively acknowledged. */
    void sacked(long sentAt, int end, boolean resent) {
        if (!resent) {
            sackedSentAt = Math.max(sackedSentAt, sentAt);
        }
        arrived(sentAt, end, resent);
    }

    /** When it was sent, what the ACK measures a round trip by that tells of it selectively; {@link SentSegments#NO_SAMPLE} if there is none. */
    long sackedSentAt() {
        return sackedSentAt;
    }

    /** A segment has been acknowledged for the first time, in one way or the other (RFC 8985 section 6.2, steps 2 and 3). */
    void arrived(long sentAt, int end, boolean resent) {
        if (resent) {
            resentArrived = true;
            // It may be the first sending that arrived.
            if (now - sentAt < minRtt || (echoes && echo - (int) (sentAt / Timestamps.TICK) < 0)) {
                return;
            }
        } else {
            reordered |= Seq.lessThan(end, top);
            originalArrived |= Seq.lessOrEqual(end, point);
        }
        if (!known || isLater(sentAt, end, this.sentAt, this.end)) {
            this.sentAt = sentAt;
            this.end = end;
            rtt = now - sentAt;
            known = true;
            advanced = true;
        }
    }

    /** Segments have been sent again. */
    void resent(int start, int end, long sentAt) {
        hasResent = true;
        resends.add(start, end, sentAt);
    }

    /** There is nothing to wait for: all is lost, or nothing is. */
    void stop() {
        deadline = Connection.NEVER;
    }

    boolean takeReordered() {
        boolean taken = reordered;
        reordered = false;
        return taken;
    }

    /** Whether the ACK says of something sent before recovery began, and never again, that it has arrived. */
    boolean hasOriginalArrived() {
        return originalArrived;
    }

    /** Whether the ACK says of something sent again that it has arrived. */
    boolean hasResentArrived() {
        return resentArrived;
    }

    long deadline() {
        return deadline;
    }

    boolean isRetransmissionLost() {
        return retransmissionLost;
    }

    /** Whether a detection may find anything that the last one did not. */
    boolean hasAdvanced() {
        return advanced;
    }

    /** RACK.rtt; 0 while nothing is known. */
    long rtt() {
        return known ? rtt : 0;
    }

    /** Marks as lost what is (RFC 8985 section 6.2, step 5), and sets the {@link #deadline} for what may be. */
    void detect(SentSegments sent, long now, long window) {
        advanced = false;
        retransmissionLost = false;
        deadline = Connection.NEVER;
        if (!known) {
            return;
        }
        long latest = now - rtt - window; // what was sent after that still has time
        boolean waits = sentOnce(sent, latest);
        waits |= sentAgain(sent, latest);
        if (waits) {
            deadline = sentAt + rtt + window; // all that waits was sent no later
        }
    }

    /** Returns whether some of what was sent before the last to arrive still has time. */
    private boolean sentOnce(SentSegments sent, long latest) {
        int limit = sent.nxt();
        int seq = sent.firstUnproven();
        while (Seq.lessThan(seq, limit)) {
            int i = sent.indexOf(seq);
            if (!sent.isLost(i) && !sent.wasResent(i)) {
                long time = sent.sentAt(i);
                if (!isLater(sentAt, end, time, sent.end(i))) {
                    return false;
                }
                if (time > latest) {
                    return true;
                }
                LossMarks.mark(sent, i);
            }
            seq = sent.unsackedFrom(sent.end(i));
            sent.proven(seq);
        }
        return false;
    }

    private boolean sentAgain(SentSegments sent, long latest) {
        while (hasResent && !resends.isEmpty()) {
            int start = Seq.max(resends.start(), sent.una());
            long time = resends.sentAt();
            if (isLater(sentAt, end, time, resends.end())) {
                if (time > latest && isUnderWay(sent, start, resends.end(), time)) {
                    return true;
                }
                markLost(sent, start, resends.end(), time);
            } else if (isUnderWay(sent, start, resends.end(), time)) {
                return false;
            }
            resends.remove();
        }
        return false;
    }

    /** Whether something of what was sent again then may still arrive. */
    private static boolean isUnderWay(SentSegments sent, int start, int end, long sentAt) {
        for (int i = sent.indexOf(start); i < sent.count() && Seq.lessThan(sent.start(i), end); i++) {
            if (sent.isRetransmitted(i) && sent.sentAt(i) == sentAt) {
                return true;
            }
        }
        return false;
    }

    private void markLost(SentSegments sent, int start, int end, long sentAt) {
        for (int i = sent.indexOf(start); i < sent.count() && Seq.lessThan(sent.start(i), end); i++) {
            if (sent.isRetransmitted(i) && sent.sentAt(i) == sentAt) {
                LossMarks.mark(sent, i);
                retransmissionLost = true;
            }
        }
    }

    /** RACK_sent_after (RFC 8985 section 6.2): what goes in one burst has one time. */
    private static boolean isLater(long time1, int end1, long time2, int end2) {
        return time1 > time2 || (time1 == time2 && Seq.greaterThan(end1, end2));
    }
}
