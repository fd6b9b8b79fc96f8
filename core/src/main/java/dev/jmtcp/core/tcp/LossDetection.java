package dev.jmtcp.core.tcp;

/**
 * Whether anything is lost: by time (RACK, RFC 8985), else by selective acknowledgements (RFC 6675) or duplicate ACKs (RFC 5681), and how much reordering is
 * allowed for.
 */
final class LossDetection {

    private static final int DUP_THRESH = 3;

    /** RFC 8985 section 6.2, step 4: for how many recoveries the reordering window stays wide. */
    private static final byte REORDER_PERSIST = 16;

    private LossDetection() {}

    /** Whether losses are found by time. */
    static boolean usesRack(Tcp tcp, Connection c) {
        return c.sackOk && tcp.settings.rack();
    }

    /** Marks what is lost; returns whether anything is that was not before, or duplicate ACKs say that the oldest segment is. */
    static boolean isFound(Tcp tcp, Connection c, Segment s, SentSegments sent) {
        if (c.sackOk && (sent.hasSack() || sent.retransmittedBytes() > 0) && detect(tcp, c, sent)) {
            return true;
        }
        if (usesRack(tcp, c)) {
            return false;
        }
        // RFC 6582 section 3.2 step 2: duplicate ACKs for what was sent again after a timeout say nothing new.
        return c.loss.dupAcks >= DUP_THRESH && Seq.greaterThan(s.ack, c.loss.recoveryPoint);
    }

    /** Marks what is lost; returns whether anything is that was not before. */
    static boolean detect(Tcp tcp, Connection c, SentSegments sent) {
        int before = sent.waitingBytes();
        if (!usesRack(tcp, c)) {
            LossMarks.markBelowSacked(sent, c.sndMss, DUP_THRESH);
        } else if (sent.rack().hasAdvanced()) {
            sent.rack().detect(sent, tcp.now, reorderingWindow(c, sent));
        }
        return sent.waitingBytes() > before;
    }

    /** RACK.reo_wnd (RFC 8985 section 6.2, step 4). */
    static long reorderingWindow(Connection c, SentSegments sent) {
        if (!c.loss.reorderingSeen
                && (c.loss.recovery != Connection.Recovery.OPEN
                        || sent.sackedSegments() >= DUP_THRESH
                        || sent.sackedBytes() > (DUP_THRESH - 1) * c.sndMss)) {
            return 0;
        }
        return Math.min(c.rtt.minRtt() / 4 * c.loss.reorderSteps, c.rtt.smoothedRtt());
    }

    /** What the ACK says about reordering (RFC 8985 section 6.2, steps 3 and 4). */
    static void adaptReordering(Connection c, Segment s, SentSegments sent, boolean duplicateReported) {
        if (sent.rack().takeReordered()) {
            c.ownLoss().reorderingSeen = true;
        }
        if (duplicateReported && c.loss.totalRetransmits > 0) {
            LossState loss = c.ownLoss();
            if (Seq.greaterOrEqual(s.ack, loss.reorderRound) || loss.reorderPersist == 0) {
                loss.reorderRound = c.sndNxt;
                loss.reorderSteps = (byte) Math.min(loss.reorderSteps + 1, Byte.MAX_VALUE);
                loss.reorderPersist = REORDER_PERSIST;
            }
        }
    }
}
