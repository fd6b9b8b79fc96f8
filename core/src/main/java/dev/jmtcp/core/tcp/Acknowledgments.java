package dev.jmtcp.core.tcp;

import dev.jmtcp.core.buffer.ByteWindow;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;

/** What the ACK field and the window of a segment mean: the fifth check of RFC 9293 section 3.10.7.4. */
final class Acknowledgments {

    private final Tcp tcp;

    Acknowledgments(Tcp tcp) {
        this.tcp = tcp;
    }

    /**
     * Takes in the ACK of a segment.
     *
     * @return whether the rest of the segment is to be looked at
     */
    boolean process(Connection c, Segment s, long now) {
        int acked = Seq.distance(s.ack, c.sndUna);
        // RFC 5961 section 5.2 (MAY-12): SND.UNA − MAX.SND.WND <= SEG.ACK <= SND.NXT, else a challenge.
        if (Seq.greaterThan(s.ack, c.sndNxt) || Seq.lessThan(s.ack, c.sndUna - c.maxSndWnd)) {
            if (s.inWindow) { // else it has been counted
                tcp.counters.add(Counter.TCP_BAD_ACK);
            }
            // Linux does not answer what acknowledges the future.
            if (tcp.settings.personality() != Personality.LINUX
                    || c.state != State.ESTABLISHED
                    || Seq.lessThan(s.ack, c.sndUna)) {
                tcp.replies.challenge(c);
            }
            return false;
        }
        if (acked < 0) {
            // An old ACK, overtaken by others: ignored; what it acknowledges selectively is still news.
            if (s.options.sackCount > 0) {
                if (c.flight() > 0) {
                    takeIn(c, s, 0, false);
                } else {
                    tcp.recovery.onReport(c, s);
                }
            }
            return true;
        }
        // RFC 5681 section 2, the definition of a duplicate ACK.
        int window = s.scaledWindow(c.sndWindShift);
        boolean duplicate = acked == 0 && c.flight() > 0 && s.pure && window == c.sndWnd;
        if (duplicate) {
            tcp.counters.add(Counter.TCP_DUPLICATE_ACKS_IN);
        }
        updateWindow(c, s, acked, window);
        if (c.flight() > 0) {
            takeIn(c, s, acked, duplicate);
        } else if (s.options.sackCount > 0) {
            tcp.recovery.onReport(c, s);
        }
        if (acked > 0) {
            advance(c, s.ack, acked);
            return finAcked(c);
        }
        if (c.state == State.TIME_WAIT && s.has(TcpHeader.FIN)) {
            tcp.timers.timeWait(c);
        }
        return true;
    }

    private void takeIn(Connection c, Segment s, int acked, boolean duplicate) {
        if (c.ecn == 0) {
            tcp.recovery.onAck(c, s, acked, duplicate);
        } else {
            tcp.ecn.onAck(c, s, acked, duplicate);
        }
    }

    /**
     * RFC 9293 section 3.10.7.4: only a segment newer than the one that set the window last may change it. By its ACK one that moves SND.UNA is, although its
     * sequence number is older where the peer sends again; to leave the window as it was would move its right edge beyond what was ever offered. So Linux
     * has it, too.
     */
    private void updateWindow(Connection c, Segment s, int acked, int window) {
        if (acked > 0 || Seq.lessThan(c.sndWl1, s.seq) || (c.sndWl1 == s.seq && Seq.lessOrEqual(c.sndWl2, s.ack))) {
            if (window != c.sndWnd || c.sendTimer == Connection.SendTimer.PROBE) {
                if (window > 0 && c.sendTimer == Connection.SendTimer.PROBE) {
                    c.rtt.clearBackOff(); // probes answered are no timeouts
                }
                c.sndWnd = window;
                c.maxSndWnd = Math.max(c.maxSndWnd, window);
                tcp.ready.add(c);
            }
            c.sndWl1 = s.seq;
            c.sndWl2 = s.ack;
        }
    }

    /** Moves SND.UNA: what is acknowledged leaves the send buffer. */
    private void advance(Connection c, int ack, int acked) {
        c.sndUna = ack;
        int bytes = Math.min(acked, c.unacknowledged); // without SYN and FIN
        c.sndUnaPosition += bytes;
        c.unacknowledged -= bytes;
        if (c.seldom.urgentToSend && Seq.lessThan(c.seldom.sndUp, ack)) {
            c.ownSeldom().sndUp = ack;
        }
        ByteWindow send = c.send;
        if (send != null && c.unacknowledged > 0) {
            send.release(c.sndUnaPosition);
        }
        if (c.flight() == 0) {
            tcp.pool.releaseSent(c);
            if (c.unacknowledged == 0) {
                tcp.pool.releaseSend(c);
            }
        }
        tcp.timers.acknowledged(c);
        if (c.writeBlocked && c.writable() >= Math.max(1, c.options.sendBuffer / 3)) {
            c.writeBlocked = false;
            tcp.notify(c, Events.WRITABLE);
        }
        tcp.ready.add(c);
    }

    /** What the acknowledgment of our FIN means (RFC 9293 section 3.10.7.4, fifth check). */
    private boolean finAcked(Connection c) {
        if (!c.finAcked()) {
            return true;
        }
        tcp.notify(c, Events.ALL_SENT);
        switch (c.state) {
            case FIN_WAIT_1 -> {
                c.moveTo(State.FIN_WAIT_2);
                if (c.detached) {
                    tcp.timers.orphaned(c);
                }
            }
            case CLOSING -> tcp.enterTimeWait(c);
            case LAST_ACK -> {
                tcp.counters.add(Counter.TCP_CLOSED);
                tcp.end(c, CloseReason.NORMAL);
                return false;
            }
            case CLOSED, SYN_SENT, SYN_RECEIVED, ESTABLISHED, FIN_WAIT_2, CLOSE_WAIT, TIME_WAIT -> {}
        }
        return true;
    }
}
