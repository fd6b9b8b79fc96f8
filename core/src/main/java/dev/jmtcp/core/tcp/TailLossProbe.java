package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;

/**
 * Tail loss probes (RFC 8985 section 7): where the acknowledgment of the last segments stays away, one more segment, new or the last one again, makes the peer
 * say what it has, long before the retransmission timer would. One object a stack.
 */
final class TailLossProbe {

    /** What the probe on its way is. */
    enum Probe {
        NONE,
        /** New data: nothing is to be concluded from its acknowledgment. */
        NEW,
        /** The last segment once more: it may have hidden a loss. */
        RESENT
    }

    private final Tcp tcp;

    TailLossProbe(Tcp tcp) {
        this.tcp = tcp;
    }

    /** RFC 8985 section 7.2: outside of recovery, with nothing selectively acknowledged and no probe on its way. */
    boolean mayStart(Connection c, SentSegments sent) {
        return c.sackOk
                && tcp.settings.tailLossProbe()
                && tcp.settings.rack()
                && c.loss.recovery == Connection.Recovery.OPEN
                && c.loss.probe == Probe.NONE
                && c.state.isSynchronized()
                && c.sndWnd > 0
                && !sent.hasSack();
    }

    /** PTO (RFC 8985 section 7.2, TLP_calc_PTO). */
    long timeout(Connection c) {
        long srtt = c.rtt.smoothedRtt();
        if (srtt == 0) {
            return tcp.settings.initialRto();
        }
        // What is less than two full segments may wait for the peer's delayed ACK: the least timeout is for how long,
        // as in Linux.
        return 2 * srtt + (c.flight() < 2 * c.sndMss ? tcp.settings.minRto() : ConnectionTimers.SLACK);
    }

    /** The timer has fired: a probe is to be sent, if still one may be. */
    void expired(Connection c) {
        SentSegments sent = c.sent;
        if (sent != null && mayStart(c, sent)) {
            c.ownLoss().lossProbeDue = true;
            tcp.ready.add(c);
        }
        tcp.timers.startRetransmit(c);
    }

    /** A probe has left. */
    void sent(Connection c, Probe probe) {
        LossState loss = c.ownLoss();
        loss.lossProbeDue = false;
        loss.probe = probe;
        loss.probeEnd = c.sndNxt;
        tcp.counters.add(Counter.TCP_LOSS_PROBES);
        tcp.timers.startRetransmit(c);
    }

    /**
     * An ACK has come while a probe is on its way (RFC 8985 section 7.4.2, TLP_process_ack).
     *
     * @param dsack whether it reports the probe as a duplicate
     * @param duplicate whether it is a duplicate ACK without any news
     */
    void onAck(Connection c, Segment s, boolean dsack, boolean duplicate) {
        if (Seq.lessThan(s.ack, c.loss.probeEnd)) {
            return;
        }
        if (c.loss.probe == Probe.NEW || dsack) {
            c.ownLoss().probe = Probe.NONE;
        } else if (Seq.greaterThan(s.ack, c.loss.probeEnd)) {
            // No duplicate was reported: what the probe repeated had been lost.
            c.ownLoss().probe = Probe.NONE;
            if (c.loss.recovery == Connection.Recovery.OPEN) {
                c.ownLoss().mayUndo = false;
                c.congestion.onCongestion(LossRecovery.reductionBase(c, c.flight()), tcp.now);
                c.congestion.onRecovered();
                tcp.ecn.reduced(c);
            }
        } else if (duplicate) {
            c.ownLoss().probe = Probe.NONE; // both have arrived
        }
    }
}
