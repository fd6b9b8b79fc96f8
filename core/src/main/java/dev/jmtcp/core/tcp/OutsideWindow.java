package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;

/** Segments that are not acceptable because they lie outside the receive window (RFC 9293 section 3.10.7.4, first check). One object a stack. */
final class OutsideWindow {

    /** How often a connection answers those without data, in nanoseconds. */
    private static final long EMPTY_INTERVAL = 500_000_000;

    private final Tcp tcp;

    OutsideWindow(Tcp tcp) {
        this.tcp = tcp;
    }

    /**
     * Such a segment is answered with an ACK, unless it is a RST; what it acknowledges is looked at all the same where the window is closed
     * (RFC 9293 section 3.10.7.4, MUST-66) or the segment is an old one: a peer that repeats itself has not heard our ACKs, but we heard its.
     *
     * @param window RCV.WND as offered
     * @param length SEG.LEN
     * @return whether the rest of the checks are to be made, on what is left of the segment
     */
    boolean mayPass(Connection c, Segment s, int window, int length) {
        if (s.has(TcpHeader.RST)) {
            // MUST-66: with a closed window a RST at its edge counts; RFC 5961 section 3.2 has the rest dropped.
            if (s.seq == c.rcvNxt) {
                return true;
            }
            tcp.counters.add(Counter.TCP_BAD_RST);
            return false;
        }
        tcp.counters.add(
                length > 0 && Seq.lessThan(s.seq, c.rcvNxt) ? Counter.TCP_DUPLICATE_DATA : Counter.TCP_OUT_OF_WINDOW);
        if (length > 0 && Seq.lessOrEqual(s.seq + length, c.rcvNxt)) {
            Reassembly.noteDuplicate(c, s.seq, s.seq + length);
        }
        if (c.state == State.TIME_WAIT && s.has(TcpHeader.FIN)) {
            tcp.timers.timeWait(c);
        }
        boolean ackCounts = s.has(TcpHeader.ACK)
                && c.state != State.SYN_RECEIVED
                && (window == 0 ? s.seq == c.rcvNxt : Seq.lessThan(s.seq, c.rcvNxt) && length > 0);
        if (ackCounts) {
            s.length = 0;
            s.flags &= ~(TcpHeader.FIN | TcpHeader.SYN);
            c.lastReceived = tcp.now;
        }
        if (length > 0 || mayAnswerEmpty(c)) {
            c.ackNow = true;
            tcp.ready.add(c);
        }
        return ackCounts;
    }

    /**
     * Two peers that disagree about their sequence numbers would answer each other's ACKs for ever: one without data is answered at most twice a
     * second, as Linux does.
     */
    private boolean mayAnswerEmpty(Connection c) {
        if (c.seldom.emptyAnswered && tcp.now - c.seldom.emptyAnsweredAt < EMPTY_INTERVAL) {
            return false;
        }
        Seldom own = c.ownSeldom();
        own.emptyAnswered = true;
        own.emptyAnsweredAt = tcp.now;
        return true;
    }
}
