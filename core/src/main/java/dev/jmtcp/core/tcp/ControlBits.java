package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;

/**
 * What RST, SYN, URG and FIN mean in a connection past its first SYN (RFC 9293 section 3.10.7.4), and the first ACK, which completes the handshake. One object
 * a stack.
 */
final class ControlBits {

    private final Tcp tcp;

    ControlBits(Tcp tcp) {
        this.tcp = tcp;
    }

    // ---- Second check: RST

    /** RFC 5961 section 3.2: a RST counts only if it is exactly at the left edge; elsewhere in the window it is asked about. */
    void reset(Connection c, Segment s) {
        if (s.firstSeq != c.rcvNxt && tcp.settings.strictResets()) {
            tcp.counters.add(Counter.TCP_BAD_RST);
            tcp.replies.challenge(c);
            return;
        }
        tcp.counters.add(Counter.TCP_RESET_IN);
        switch (c.state) {
            // MUST-11: a passive open goes back to LISTEN, an active one is refused.
            case SYN_RECEIVED -> {
                tcp.counters.add(Counter.TCP_CONNECT_FAILED);
                tcp.end(c, CloseReason.REFUSED);
            }
            // RFC 1337 section 3: TIME-WAIT is not cut short.
            case TIME_WAIT -> {}
            case CLOSING, LAST_ACK -> tcp.end(c, CloseReason.RESET);
            case CLOSED, SYN_SENT, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT -> tcp.end(c, CloseReason.RESET);
        }
    }

    // ---- Fourth check: SYN

    /**
     * A segment has a SYN, and no RST. Looked at before the sequence number check, which would trim it off: RFC 5961 section 4.2 has it challenged
     * irrespective of its sequence number.
     *
     * @return whether it is the SYN-ACK of a simultaneous open, without its SYN then
     */
    boolean maySynPass(Connection c, Segment s) {
        if (c.state == State.SYN_RECEIVED && s.seq == c.irs()) {
            if (s.has(TcpHeader.ACK)) {
                tcp.ecn.onSecondSyn(c, s);
                s.trimFront(1);
                return true;
            }
            // The peer's SYN again: it has not got our SYN-ACK, or not in time.
            tcp.ecn.onSecondSyn(c, s);
            c.synQueued = true;
            c.ownLoss().totalRetransmits++;
            tcp.counters.add(Counter.TCP_RETRANSMITS);
            tcp.ready.add(c);
            return false;
        }
        tcp.counters.add(Counter.TCP_BAD_SYN);
        if (c.state == State.SYN_RECEIVED
                && c.listener != null
                && Seq.inWindow(s.seq, c.rcvNxt, tcp.receiver.offered(c))) {
            tcp.end(c, CloseReason.RESET); // after a passive open: return to LISTEN
        } else if (!tcp.settings.strictSyns() && Seq.inWindow(s.seq, c.rcvNxt, tcp.receiver.offered(c))) {
            tcp.replies.abort(c);
            tcp.end(c, CloseReason.RESET);
        } else {
            tcp.replies.challenge(c);
        }
        return false;
    }

    // ---- Fifth check in SYN-RECEIVED

    /** Whether the ACK is that of our SYN, and there is room for the connection: then it is established. */
    boolean acknowledgesSyn(Connection c, Segment s) {
        if (s.ack != c.sndNxt) {
            tcp.counters.add(Counter.TCP_BAD_ACK);
            tcp.replies.reset(s);
            return false;
        }
        Listener listener = c.listener;
        if (listener != null && listener.isFull()) {
            // As if the ACK had been lost: our SYN-ACK goes again, and perhaps there is room by then.
            tcp.counters.add(Counter.TCP_ACCEPT_OVERFLOW);
            return false;
        }
        if (!s.byCookie) {
            tcp.handshake.sampleRtt(c, s, c.retransmits == 0 && c.loss.totalRetransmits == 0);
        }
        c.synQueued = false;
        c.sndUna = s.ack;
        c.sndWnd = s.scaledWindow(c.sndWindShift);
        c.maxSndWnd = Math.max(c.maxSndWnd, c.sndWnd);
        c.sndWl1 = s.seq;
        c.sndWl2 = s.ack;
        tcp.timers.stopSend(c);
        tcp.handshake.establish(c);
        tcp.ready.add(c);
        return true;
    }

    // ---- Sixth check: URG

    /** RFC 9293 section 3.8.5; the pointer is the octet after the urgent data (MUST-62). Urgent data stays in line, as RFC 6093 wants it. */
    void urgent(Connection c, Segment s) {
        long end = c.rcvPosition + Seq.distance(s.firstSeq + s.urgent, c.rcvNxt);
        if (end > c.rcvPosition && (!c.seldom.urgentPending || end > c.seldom.urgentEnd)) {
            Seldom own = c.ownSeldom();
            own.urgentEnd = end;
            own.urgentPending = true;
            tcp.notify(c, Events.URGENT);
        }
    }

    // ---- Eighth check: FIN

    /** All before the peer's FIN has arrived, and so has the FIN (RFC 9293 section 3.10.7.4, eighth check). */
    void fin(Connection c) {
        c.finReceived = true;
        c.rcvNxt++;
        if (c.outOfOrder != null) { // beyond the end of the stream
            tcp.pool.releaseOutOfOrder(c);
            tcp.receiver.releaseRead(c);
        }
        c.ackNow = true;
        tcp.ready.add(c);
        switch (c.state) {
            case ESTABLISHED -> c.moveTo(State.CLOSE_WAIT);
            case FIN_WAIT_1 -> {
                if (c.finAcked()) {
                    tcp.enterTimeWait(c);
                } else {
                    c.moveTo(State.CLOSING);
                }
            }
            case FIN_WAIT_2 -> tcp.enterTimeWait(c);
            case CLOSED, SYN_SENT, SYN_RECEIVED, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT -> {}
        }
        tcp.notify(c, Events.READABLE | Events.PEER_CLOSED);
    }
}
