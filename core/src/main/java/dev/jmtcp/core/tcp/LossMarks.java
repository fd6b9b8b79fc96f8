package dev.jmtcp.core.tcp;

/**
 * Marks records of {@link SentSegments} as lost, and takes the marks back: by selective acknowledgements, duplicate ACKs and timeouts. {@link Rack} decides
 * by time and marks single segments here. Belongs to the connection's thread.
 */
final class LossMarks {

    private LossMarks() {}

    /**
     * Marks as lost what the selective acknowledgements say is (RFC 6675 section 4, IsLost): all that has not been acknowledged below {@code dupThresh}
     * segments that have, or below more than {@code dupThresh - 1} times {@code smss} bytes that have. RFC 6675 counts separate ranges instead of
     * segments; segments, as in Linux, also serve when they are small.
     *
     * @return the bytes newly marked
     */
    static int markBelowSacked(SentSegments sent, int smss, int dupThresh) {
        int before = sent.lostBytes();
        int edge = IsLost.edge(sent, smss, dupThresh);
        if (Seq.greaterThan(edge, sent.lossEdge)) {
            SegmentRing ring = sent.ring;
            for (int i = ring.indexOf(sent.lossEdge); i < ring.count() && Seq.lessThan(ring.start(i), edge); i++) {
                if ((ring.flags(i) & (SentSegments.SACKED | SentSegments.LOST)) == 0) {
                    sent.change(i, ring.flags(i) | SentSegments.LOST);
                }
            }
            sent.lossEdge = edge;
        }
        return sent.lostBytes() - before;
    }

    /** Marks the oldest segment that is not selectively acknowledged as lost (RFC 6582); returns the bytes newly marked. */
    static int markHead(SentSegments sent) {
        return markHead(sent, Integer.MAX_VALUE);
    }

    /** Like {@link #markHead(SentSegments)}, but at most so many bytes of it. */
    static int markHead(SentSegments sent, int most) {
        int seq = sent.unsackedFrom(sent.una());
        if (seq == sent.nxt()) {
            return 0;
        }
        int before = sent.lostBytes();
        int i = sent.indexOf(seq);
        if (!sent.isLost(i)) {
            if (sent.end(i) - seq > most) {
                sent.split(i, seq + most);
            }
            sent.change(i, sent.ring.flags(i) | SentSegments.LOST);
        }
        return sent.lostBytes() - before;
    }

    /** Marks a segment as lost, also when it was sent again: then it is to be sent once more. Does nothing to one selectively acknowledged. */
    static void mark(SentSegments sent, int i) {
        int flags = sent.ring.flags(i);
        if ((flags & SentSegments.SACKED) == 0) {
            sent.change(i, (flags | SentSegments.LOST) & ~SentSegments.RETRANSMITTED);
        }
    }

    /** Marks all that is not selectively acknowledged as lost, and nothing as sent again: after a timeout (RFC 5681 section 3.1, RFC 6675 section 5.1). */
    static void markAll(SentSegments sent) {
        SegmentRing ring = sent.ring;
        for (int i = 0; i < ring.count(); i++) {
            int flags = ring.flags(i);
            if ((flags & SentSegments.SACKED) == 0) {
                ring.setFlags(i, (flags | SentSegments.LOST) & ~SentSegments.RETRANSMITTED);
            }
        }
        sent.lostBytes = sent.outstanding() - sent.sackedBytes;
        sent.waitingBytes = sent.lostBytes;
        sent.retransmittedBytes = 0;
        sent.lossEdge = ring.nxt();
        sent.resendEdge = ring.una();
    }

    /** Marks as lost what was sent up to a time, and the oldest in any case: after a timeout (RFC 8985 section 6.3). */
    static void markSentUntil(SentSegments sent, long time) {
        SegmentRing ring = sent.ring;
        sent.lossEdge = ring.nxt();
        for (int i = ring.count() - 1; i >= 0; i--) {
            int flags = ring.flags(i);
            if ((flags & SentSegments.SACKED) == 0 && (i == 0 || ring.time(i) <= time)) {
                sent.change(i, (flags | SentSegments.LOST) & ~SentSegments.RETRANSMITTED);
            } else if ((flags & (SentSegments.SACKED | SentSegments.RESENT)) == 0) {
                sent.lossEdge = ring.start(i);
            }
        }
    }

    /** Takes back that anything was lost: after a timeout or recovery that turns out to have been needless (RFC 4015, RFC 5682). */
    static void forget(SentSegments sent) {
        SegmentRing ring = sent.ring;
        for (int i = 0; i < ring.count(); i++) {
            ring.setFlags(i, ring.flags(i) & ~SentSegments.LOST);
        }
        sent.lostBytes = 0;
        sent.waitingBytes = 0;
        sent.lossEdge = ring.una();
        sent.resendEdge = ring.nxt();
    }
}
