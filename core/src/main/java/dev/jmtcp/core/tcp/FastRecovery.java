package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import org.jspecify.annotations.Nullable;

/**
 * Fast retransmit and fast recovery: a loss has been found while ACKs arrive, and what is lost goes again at about half the speed (RFC 5681, 6582,
 * 6675, 9937). One object a stack.
 */
final class FastRecovery {

    private final Tcp tcp;

    FastRecovery(Tcp tcp) {
        this.tcp = tcp;
    }

    /** RFC 6675 section 5, step 4; RFC 5681 section 3.2, steps 2 and 3; RFC 6582 section 3.2, step 2. */
    void enter(Connection c, SentSegments sent, int acked) {
        boolean afterTimeout = c.loss.recovery == Connection.Recovery.TIMEOUT;
        // RFC 3168 section 6.1.2: the window is reduced once for a window of data, be it marked or lost.
        boolean reduced = !afterTimeout && Ecn.hasReducedFor(c, c.sndUna + acked);
        if (!afterTimeout) {
            SpuriousRecovery.begin(c);
            c.ownLoss().mayUndo &= !reduced;
        }
        LossState loss = c.ownLoss();
        loss.recovery = Connection.Recovery.FAST;
        sent.recoveryBegins();
        loss.frto = SpuriousRecovery.Frto.OFF;
        loss.recoveryPoint = c.sndNxt;
        // RFC 5681 section 3.2, step 2: what went by limited transmit does not count.
        int flight = loss.dupAcks > 0 ? Math.min(loss.flightAtFirstDuplicate, c.flight()) : c.flight() - acked;
        if (!reduced) {
            c.congestion.onCongestion(
                    LossRecovery.reductionBase(c, afterTimeout ? Math.min(flight, c.congestion.cwnd()) : flight),
                    tcp.now);
        }
        if (sent.lostBytes() == 0) {
            markHeadLost(c, sent);
        }
        if (LossDetection.usesRack(tcp, c)) {
            sent.prr().enter(LossRecovery.reductionBase(c, c.flight() - tcp.recovery.sackedBefore()));
            reduce(c, sent, 0, false);
        } else {
            c.congestion.setCwnd(c.congestion.ssthresh());
        }
        loss.forceRetransmit = true;
        tcp.counters.add(Counter.TCP_FAST_RETRANSMITS);
    }

    /** RFC 9937: something has arrived during recovery. */
    static void reduce(Connection c, SentSegments sent, int arrived, boolean safe) {
        CongestionControl congestion = c.congestion;
        congestion.setCwnd(sent.prr().onAck(arrived, sent.pipe(), congestion.ssthresh(), c.sndMss, safe));
    }

    /**
     * An ACK has come during fast recovery.
     *
     * @param acked how far it moves SND.UNA
     * @param counts whether it counts as a duplicate ACK
     */
    void onAck(Connection c, Segment s, SentSegments sent, int acked, boolean counts) {
        if (acked == 0) {
            if (counts) {
                c.ownLoss().dupAcks++;
            }
            if (c.sackOk) {
                LossDetection.detect(tcp, c, sent);
            }
            return;
        }
        if (Seq.greaterOrEqual(s.ack, c.loss.recoveryPoint)) {
            if (SpuriousRecovery.isOfOriginal(c, s) || SpuriousRecovery.allWereDuplicates(c)) {
                undo(c, sent);
                return;
            }
            // RFC 6582 section 3.2, step 3: a full acknowledgment.
            int flight = c.flight() - acked;
            c.congestion.onRecovered();
            if (!c.sackOk) {
                c.congestion.setCwnd(Math.min(c.congestion.ssthresh(), Math.max(flight, c.sndMss) + c.sndMss));
            }
            leave(c);
            if (LossDetection.isFound(tcp, c, s, sent) || (LossDetection.usesRack(tcp, c) && sent.lostBytes() > 0)) {
                enter(c, sent, acked);
            }
            return;
        }
        if (sent.retransmittedBytes() == 0 && SpuriousRecovery.isOfOriginal(c, s)) {
            undo(c, sent);
            return;
        }
        // A partial acknowledgment: the segment after it is lost too.
        if (c.sackOk) {
            LossDetection.detect(tcp, c, sent);
            if (sent.lostBytes() == 0 && !LossDetection.usesRack(tcp, c)) {
                markHeadLost(c, sent);
            }
        } else {
            // Of the segments acknowledged, all but the one sent again had been counted by duplicate ACKs.
            c.ownLoss().dupAcks = Math.max(0, c.loss.dupAcks - Math.max(0, acked / c.sndMss - 1));
            markHeadLost(c, sent);
            c.ownLoss().forceRetransmit = true;
        }
    }

    /** One segment is lost, not a whole frame of many that the device has cut; a FIN goes with the last byte. */
    private static void markHeadLost(Connection c, SentSegments sent) {
        int size = Sender.segmentSize(c);
        int end = sent.end(0);
        boolean withFin = c.finSent && end == c.sndNxt && Seq.distance(end, sent.start(0)) == size + 1;
        LossMarks.markHead(sent, withFin ? size + 1 : size);
    }

    /** Nothing was lost (RFC 4015): the window is what it was. */
    void undo(Connection c, @Nullable SentSegments sent) {
        tcp.spurious.undo(c, sent);
        c.congestion.undo();
        if (c.loss.recovery != Connection.Recovery.OPEN) {
            leave(c);
        }
    }

    /** Recovery is over, that after a timeout as well. */
    static void leave(Connection c) {
        LossState loss = c.ownLoss();
        if (loss.reorderPersist > 0 && --loss.reorderPersist == 0) {
            loss.reorderSteps = 1;
        }
        loss.recovery = Connection.Recovery.OPEN;
        loss.dupAcks = 0;
        loss.forceRetransmit = false;
        loss.frto = SpuriousRecovery.Frto.OFF;
    }
}
