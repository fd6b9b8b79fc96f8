package dev.jmtcp.core.tcp;

/** What a retransmission timeout means, and the recovery that follows it (RFC 5681 section 3.1, RFC 6298 section 5, RFC 8985 section 6). One object a stack. */
final class TimeoutRecovery {

    private final Tcp tcp;
    private final FastRecovery fast;

    TimeoutRecovery(Tcp tcp, FastRecovery fast) {
        this.tcp = tcp;
        this.fast = fast;
    }

    /** The retransmission timer has fired (RFC 6298 section 5; RFC 5681 section 3.1, equation 4; RFC 6675 section 5.1). */
    void begin(Connection c, SentSegments sent) {
        LossState loss = c.ownLoss();
        loss.frto = SpuriousRecovery.Frto.OFF;
        if (c.retransmits == 1 && c.sndWnd > 0) {
            if (loss.recovery == Connection.Recovery.OPEN) {
                SpuriousRecovery.begin(c);
                // RFC 5682 section 3.1, step 1: not where recovery was under way.
                loss.frto = tcp.settings.frto() ? SpuriousRecovery.Frto.RESENT : SpuriousRecovery.Frto.OFF;
            }
            c.congestion.onTimeout(LossRecovery.reductionBase(c, c.flight()), tcp.now);
        } else {
            // Sent again already: the threshold stays.
            c.congestion.setCwnd(c.sndMss);
        }
        loss.recovery = Connection.Recovery.TIMEOUT;
        loss.recoveryPoint = c.sndNxt;
        loss.dupAcks = 0;
        if (sent.isSacked(0)) {
            SelectiveAcks.forget(sent); // RFC 2018 section 8: the receiver has thrown away what it had reported
        }
        loss.probe = TailLossProbe.Probe.NONE;
        loss.lossProbeDue = false;
        if (LossDetection.usesRack(tcp, c)) {
            // RFC 8985 section 6.3: what was sent within a round trip may still arrive.
            long rtt = sent.rack().rtt() > 0 ? sent.rack().rtt() : c.rtt.smoothedRtt();
            LossMarks.markSentUntil(sent, tcp.now - rtt);
            c.congestion.setCwnd(sent.pipe() + c.sndMss);
        } else {
            LossMarks.markAll(sent);
        }
        sent.rack().stop();
        loss.forceRetransmit = true;
    }

    /**
     * An ACK has come during the recovery after a timeout.
     *
     * @param acked how far it moves SND.UNA
     * @param counts whether it counts as a duplicate ACK
     */
    void onAck(Connection c, Segment s, SentSegments sent, int acked, boolean counts) {
        boolean original = acked > 0 && (SpuriousRecovery.isOfOriginal(c, s) || SpuriousRecovery.allWereDuplicates(c));
        if (original || tcp.spurious.afterTimeout(c, s, sent, acked, counts)) {
            int flight = c.flight() - acked - sent.sackedBytes();
            tcp.spurious.undo(c, sent);
            c.congestion.undoTimeout(flight, acked);
            FastRecovery.leave(c);
            if (LossDetection.isFound(tcp, c, s, sent)) {
                fast.enter(c, sent, acked);
            }
            return;
        }
        if (acked > 0) {
            tcp.recovery.grow(c, sent, acked);
            if (Seq.greaterOrEqual(s.ack, c.loss.recoveryPoint)) {
                FastRecovery.leave(c);
            }
        } else if (counts
                && !c.sackOk
                && (c.loss.dupAcks + 1) * c.sndMss <= Seq.distance(c.sndNxt, c.loss.recoveryPoint)) {
            c.ownLoss().dupAcks++; // for new data that F-RTO has sent; what else is in flight is taken for lost anyway
        }
        if (c.sackOk) {
            boolean lost = LossDetection.detect(tcp, c, sent);
            boolean lostAgain = LossDetection.usesRack(tcp, c) && sent.rack().isRetransmissionLost();
            // The loss of a retransmission is another sign of congestion (RFC 5681 section 4.3).
            if (c.loss.recovery == Connection.Recovery.OPEN ? lost || sent.lostBytes() > 0 : lostAgain) {
                fast.enter(c, sent, acked);
            }
        }
    }
}
