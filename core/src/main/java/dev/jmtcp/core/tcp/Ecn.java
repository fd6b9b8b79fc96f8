package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;

/**
 * Explicit congestion notification (RFC 3168): routers mark packets instead of dropping them, the receiver echoes the mark until it hears that the sender
 * has slowed down. What a connection has to remember of it is {@link Connection#ecn}, bits of this class, and {@link LossState#ecnPoint}.
 *
 * <pre>
 *   sender                                  receiver
 *     data, ECT(0)  →  router: data, CE  →  ECHO on
 *     window halved ←        ACK, ECE    ←
 *     data, CWR     →                    →  ECHO off
 * </pre>
 */
final class Ecn {

    /** Our SYN has asked for it (RFC 3168 section 6.1.1). */
    static final byte ASKED = 1;

    /** Agreed upon. */
    static final byte AGREED = 1 << 1;

    /** Received data has met congestion: ECE is on every ACK (section 6.1.3). */
    static final byte ECHO = 1 << 2;

    /** The window has been reduced: CWR goes with the next new data (section 6.1.2). */
    static final byte REDUCED = 1 << 3;

    /** The last reduction was for a mark; until {@link LossState#ecnPoint} is acknowledged losses ask for none of their own. */
    private static final byte FOR_MARK = 1 << 4;

    /** The field of the IP header, in the low bits of the traffic class (section 5). */
    private static final int FIELD = 3;

    /** ECT(0): a transport that heeds marks. */
    static final int CAPABLE = 2;

    /** CE: congestion was met. */
    private static final int CONGESTION = 3;

    private static final int SETUP = TcpHeader.ECE | TcpHeader.CWR;

    private final Tcp tcp;

    Ecn(Tcp tcp) {
        this.tcp = tcp;
    }

    // ---- Agreeing (section 6.1.1)

    /**
     * The flags that ask for it in a SYN: in the first one only, since something on the way may drop those that do (section 6.1.1.1).
     *
     * @param again whether one has gone already
     */
    int ask(Connection c, boolean again) {
        boolean once = tcp.settings.personality() != Personality.BSD || c.loss.totalRetransmits > 1;
        if (tcp.settings.ecn() != TcpSettings.Ecn.ON || (again && once)) {
            c.ecn = 0;
            return 0;
        }
        c.ecn = ASKED;
        return SETUP;
    }

    /** A SYN has come for a listener. */
    void onSyn(Connection c, Segment s) {
        c.ecn = isAskedFor(s) ? AGREED : 0;
    }

    /** A SYN has come again, or in a simultaneous open with an ACK: one without is enough. */
    void onSecondSyn(Connection c, Segment s) {
        if (s.has(TcpHeader.ACK) ? (s.flags & SETUP) != TcpHeader.ECE : !isAskedFor(s)) {
            c.ecn = 0;
        }
    }

    /** Whether a SYN asks for it, and may have it. */
    boolean isAskedFor(Segment s) {
        return tcp.settings.ecn() != TcpSettings.Ecn.OFF && (s.flags & SETUP) == SETUP;
    }

    /** The answer to our SYN has come, or in a simultaneous open the peer's SYN, which our SYN-ACK answers. */
    void onAnswer(Connection c, Segment s) {
        if (!s.has(TcpHeader.ACK)) {
            onSyn(c, s);
            return;
        }
        c.ecn = (c.ecn & ASKED) != 0 && (s.flags & SETUP) == TcpHeader.ECE ? AGREED : 0;
    }

    // ---- Receiving (section 6.1.3)

    /** Data has come that lies in the window. */
    void onData(Connection c, Segment s) {
        if (s.has(TcpHeader.CWR)) {
            c.ecn &= ~ECHO;
        }
        if ((s.trafficClass & FIELD) == CONGESTION) {
            c.ecn |= ECHO;
            tcp.counters.add(Counter.TCP_CONGESTION_MET);
        }
    }

    // ---- Sending (section 6.1.2)

    /** An ACK has come while something is in flight: to be called instead of {@link LossRecovery#onAck}, which it calls. */
    void onAck(Connection c, Segment s, int acked, boolean duplicate) {
        Connection.Recovery before = c.loss.recovery;
        boolean echoed = s.has(TcpHeader.ECE);
        if (echoed) {
            tcp.counters.add(Counter.TCP_CONGESTION_ECHOED);
            c.cwndLimited = false; // the window does not grow by such an ACK
            c.ownLoss().mayUndo = false; // nor does it go back to what it was (RFC 4015 section 3.2)
        } else if (c.hasLossState() && Seq.greaterThan(s.ack, c.loss.ecnPoint)) {
            c.ownLoss().ecnPoint = s.ack - 1; // does not fall behind by half the sequence space
        }
        boolean known = hasReducedFor(c, s.ack);
        tcp.recovery.onAck(c, s, acked, duplicate);
        boolean open = before == Connection.Recovery.OPEN;
        if (open && c.loss.recovery != Connection.Recovery.OPEN) {
            c.ownLoss().mayUndo &= !echoed;
            if (!known) {
                reduced(c);
            }
        } else if (open && echoed && Seq.greaterThan(s.ack, c.ownLoss().ecnPoint)) {
            // Once a window of data: what was sent before the last reduction tells nothing new, nor does a loss that
            // the
            // same ACK tells of.
            c.congestion.onCongestion(LossRecovery.reductionBase(c, c.flight()), tcp.now);
            c.congestion.setCwnd(c.congestion.ssthresh());
            reduced(c);
            c.ecn |= FOR_MARK;
        }
    }

    /** Whether a loss of what was in flight at an ACK is one of a window of data for which the congestion window has been reduced already. */
    static boolean hasReducedFor(Connection c, int ack) {
        return (c.ecn & FOR_MARK) != 0 && Seq.lessThan(ack, c.loss.ecnPoint);
    }

    /** The congestion window has been reduced, for whatever reason. */
    void reduced(Connection c) {
        if ((c.ecn & AGREED) != 0) {
            c.ecn = (byte) (c.ecn & ~FOR_MARK | REDUCED);
            c.ownLoss().ecnPoint = c.sndNxt;
        }
    }
}
