package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that nothing was lost after all, and takes the reduction of the window back: by timestamps (Eifel, RFC 3522), by duplicates reported (RFC 2883 and
 * 3708), and after a timeout by what arrives next (F-RTO, RFC 5682). One object a stack.
 */
final class SpuriousRecovery {

    /** Where F-RTO stands (RFC 5682 section 3.1). */
    enum Frto {
        OFF,
        /** The oldest segment has been sent again; the next ACK is waited for. */
        RESENT,
        /** New data has been sent instead of what else seems lost; what the next ACK says decides. */
        NEW_DATA
    }

    /** The window in segments where F-RTO finds that the loss was real (RFC 5682 section 2.1, step 3a). */
    private static final int AFTER_FRTO = 3;

    private final Tcp tcp;

    SpuriousRecovery(Tcp tcp) {
        this.tcp = tcp;
    }

    /** The window is about to be reduced for a loss, in a connection that is not recovering yet. */
    static void begin(Connection c) {
        boolean probed = c.loss.probe == TailLossProbe.Probe.RESENT; // it counts, having been sent again as well
        LossState loss = c.ownLoss();
        loss.mayUndo = true;
        loss.undoMarker = c.sndUna;
        if (!probed) {
            loss.undoResent = 0;
            loss.hasResent = false;
        }
    }

    /** A segment has been sent again. */
    static void resent(Connection c, long now) {
        LossState loss = c.ownLoss();
        if (loss.recovery == Connection.Recovery.OPEN) {
            loss.mayUndo = false;
            loss.undoResent = 0;
            loss.hasResent = false;
        }
        if (!loss.hasResent) {
            loss.hasResent = true;
            loss.resentStamp = Timestamps.value(c, now);
        }
        loss.undoResent++;
    }

    /** The first SACK block reports a duplicate. */
    void duplicateReported(Connection c, Segment s) {
        int end = s.options.sackEnd[0];
        if (c.loss.mayUndo && Seq.greaterThan(end, c.loss.undoMarker) && Seq.lessOrEqual(end, c.sndNxt)) {
            int segments = Math.max(1, Seq.distance(end, s.options.sackStart[0]) / Math.max(1, c.sndMss));
            c.ownLoss().undoResent = Math.max(0, c.loss.undoResent - segments);
        }
    }

    /** Whether all that was sent again has been reported as a duplicate. */
    static boolean allWereDuplicates(Connection c) {
        return c.loss.mayUndo && c.loss.hasResent && c.loss.undoResent == 0;
    }

    /** Whether an ACK that moves SND.UNA was caused by something sent before anything was sent again (RFC 3522 section 3.2, step 4). */
    static boolean isOfOriginal(Connection c, Segment s) {
        return c.loss.mayUndo
                && c.loss.hasResent
                && c.timestampsOk
                && s.options.tsEcr != 0
                && s.options.tsEcr - c.loss.resentStamp < 0;
    }

    /** Nothing was lost: the connection goes on as if nothing had been. */
    void undo(Connection c, @Nullable SentSegments sent) {
        if (sent != null) {
            LossMarks.forget(sent);
            sent.rack().stop();
        }
        c.ownLoss().mayUndo = false;
        c.ownLoss().frto = Frto.OFF;
        tcp.counters.add(Counter.TCP_RECOVERIES_UNDONE);
        tcp.ready.add(c);
    }

    /**
     * F-RTO: an ACK has come in the recovery after a timeout (RFC 5682 section 3.1).
     *
     * @param news whether it acknowledges something selectively or is a duplicate ACK
     * @return whether the timeout is found to have been spurious
     */
    boolean afterTimeout(Connection c, Segment s, SentSegments sent, int acked, boolean news) {
        if (c.loss.frto == Frto.OFF) {
            return false;
        }
        boolean below = Seq.lessThan(s.ack, c.loss.recoveryPoint);
        // Step 3b: what was never sent again has arrived. Without SACK it may have been there before, and only a hole
        // be filled now.
        if (sent.rack().hasOriginalArrived()
                && below
                && (c.sackOk || !sent.rack().hasResentArrived())) {
            return true;
        }
        if (c.loss.frto == Frto.NEW_DATA) {
            if (news || acked > 0) {
                c.ownLoss().frto = Frto.OFF; // step 3a: the loss was real
                if (news && !c.sackOk) {
                    // Section 2.1, step 3a: two round trips have passed since the timeout.
                    c.congestion.setCwnd(Math.max(c.congestion.cwnd(), AFTER_FRTO * c.sndMss));
                }
            }
        } else if (acked > 0 && below && mayTryNewData(c)) {
            c.ownLoss().frto = Frto.NEW_DATA; // step 2b
        } else if (acked > 0 || (news && !c.sackOk)) {
            c.ownLoss().frto = Frto.OFF; // step 2a
        }
        return false;
    }

    private static boolean mayTryNewData(Connection c) {
        return c.unsent() > 0 && Seq.greaterThan(c.sndEdge(), c.sndNxt);
    }
}
