package dev.jmtcp.core.tcp;

import dev.jmtcp.core.buffer.ByteWindow;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;

/**
 * Segments that arrive for a connection past its first SYN, in the order of RFC 9293 section 3.10.7.4: sequence number, RST, SYN, ACK, URG, text, FIN.
 * This is the way of what comes in order; for what comes seldom there are {@link OutsideWindow}, {@link ControlBits} and {@link Reassembly}.
 */
final class Receiver {

    private final Tcp tcp;
    private final Acknowledgments acknowledgments;
    private final OutsideWindow outside;
    private final ControlBits control;
    private final Reassembly reassembly;

    Receiver(Tcp tcp) {
        this.tcp = tcp;
        acknowledgments = new Acknowledgments(tcp);
        outside = new OutsideWindow(tcp);
        control = new ControlBits(tcp);
        reassembly = new Reassembly(tcp);
    }

    void process(Connection c, Segment s, long now) {
        if (!timestampIsFresh(c, s, now)) {
            return;
        }
        if (s.has(TcpHeader.SYN) && !s.has(TcpHeader.RST) && !control.maySynPass(c, s)) {
            return;
        }
        if (!isAcceptable(c, s)) {
            return;
        }
        if (s.has(TcpHeader.RST)) {
            control.reset(c, s);
            return;
        }
        if (!s.has(TcpHeader.ACK)) {
            tcp.counters.add(Counter.TCP_NO_ACK);
            return;
        }
        c.lastReceived = now;
        if (c.seldom.keepAliveSent > 0) {
            c.ownSeldom().keepAliveSent = 0;
            tcp.timers.arm(c); // the idle time that begins now may end before the interval between probes would
        }
        if (c.state == State.SYN_RECEIVED && !control.acknowledgesSyn(c, s)) {
            return;
        }
        if (!acknowledgments.process(c, s, now)) {
            return;
        }
        rememberTimestamp(c, s, now); // not of a segment whose ACK is impossible
        afterHandshake(c, s);
    }

    /** What came with the SYN-ACK in SYN-SENT (RFC 9293 section 3.10.7.3, fourth check). */
    void withSyn(Connection c, Segment s) {
        if (isAcceptable(c, s)) {
            afterHandshake(c, s);
        }
    }

    /** The sixth check on: urgent pointer, text and FIN. */
    private void afterHandshake(Connection c, Segment s) {
        if (s.has(TcpHeader.URG) && c.state.mayReceive()) {
            control.urgent(c, s);
        }
        if (s.length > 0 || s.has(TcpHeader.FIN)) {
            if (c.state.mayReceive()) {
                text(c, s);
            } else if (c.state == State.TIME_WAIT && s.has(TcpHeader.FIN)) {
                // RFC 9293 section 3.10.7.4, eighth check: acknowledge and start the wait anew.
                c.ackNow = true;
                tcp.ready.add(c);
                tcp.timers.timeWait(c);
            } else if (c.state == State.CLOSE_WAIT || c.state == State.CLOSING || c.state == State.LAST_ACK) {
                // Beyond the FIN there is nothing; this is the FIN or data before it once more.
                c.ackNow = true;
                tcp.ready.add(c);
            }
        }
    }

    // ---- First check: timestamps and sequence number

    /** PAWS (RFC 7323 section 5.3, R1). */
    private boolean timestampIsFresh(Connection c, Segment s, long now) {
        if (!c.timestampsOk) {
            return true;
        }
        if (!s.options.timestampPresent) {
            // RFC 7323 section 3.2: dropped without an answer; a RST need not have one.
            if (s.has(TcpHeader.RST)) {
                return true;
            }
            tcp.counters.add(Counter.TCP_NO_TIMESTAMP);
            return false;
        }
        if (Seq.lessThan(s.options.tsVal, c.tsRecent)
                && !s.has(TcpHeader.RST)
                && !Timestamps.isRecentOutdated(c, now)) {
            tcp.counters.add(Counter.TCP_PAWS);
            tcp.sender.acknowledge(c);
            return false;
        }
        return true;
    }

    /** RFC 7323 section 4.3: the timestamp to echo is that of the segment which the next ACK is for; section 5.3, R2: one in the window. */
    private static void rememberTimestamp(Connection c, Segment s, long now) {
        if (c.timestampsOk
                && s.inWindow
                && Seq.lessOrEqual(s.firstSeq, c.lastAckSent)
                && (Seq.greaterOrEqual(s.options.tsVal, c.tsRecent) || Timestamps.isRecentOutdated(c, now))) {
            Timestamps.remember(c, s.options.tsVal, now);
        }
    }

    /** The acceptability test of RFC 9293 section 3.10.7.4; trims the segment to the window. */
    private boolean isAcceptable(Connection c, Segment s) {
        int window = offered(c);
        int length = s.sequenceLength();
        boolean acceptable;
        if (length == 0) {
            acceptable = window == 0 ? s.seq == c.rcvNxt : Seq.inWindow(s.seq, c.rcvNxt, window);
        } else if (window == 0) {
            acceptable = false;
        } else {
            acceptable = Seq.inWindow(s.seq, c.rcvNxt, window)
                    || Seq.inWindow(s.seq + length - 1, c.rcvNxt, window)
                    || (Seq.lessThan(s.seq, c.rcvNxt) && Seq.greaterThan(s.seq + length, c.rcvNxt));
        }
        if (!acceptable) {
            s.inWindow = false;
            return outside.mayPass(c, s, window, length);
        }
        int old = Seq.distance(c.rcvNxt, s.seq);
        if (old > 0) {
            Reassembly.noteDuplicate(c, s.seq, c.rcvNxt);
            s.trimFront(old);
        }
        int beyond = Seq.distance(s.seq + s.sequenceLength(), c.rcvNxt + window);
        if (beyond > 0) {
            s.trimBack(beyond);
        }
        return true;
    }

    /** The window offered; FreeBSD takes it for all the free part of a connection's buffer, also where the header could not say so much. */
    int offered(Connection c) {
        int offered = Math.max(0, Seq.distance(c.rcvAdv, c.rcvNxt));
        boolean whole = tcp.settings.personality() == Personality.BSD
                && c.state != State.TIME_WAIT
                && !(c.state == State.SYN_RECEIVED && c.listener != null);
        return whole ? Math.max(offered, SegmentWriter.free(c)) : offered;
    }

    // ---- Seventh check: text

    private void text(Connection c, Segment s) {
        if (s.length > 0 && c.detached && !c.queuedAtListener) {
            // RFC 9293 section 3.6.1, SHLD-3: nobody will ever read this.
            tcp.counters.add(Counter.TCP_AFTER_CLOSE);
            if (tcp.settings.personality() == Personality.LINUX) {
                tcp.replies.reset(s); // as if there were no connection
            } else {
                tcp.replies.abort(c);
            }
            tcp.end(c, CloseReason.ABORTED);
            return;
        }
        if (c.ecn != 0 && s.length > 0) {
            tcp.ecn.onData(c, s);
        }
        c.rcvMss = (char) Math.max(c.rcvMss, Math.min(s.length, c.pathMtu));
        if (s.has(TcpHeader.FIN) && !c.finKnown) {
            c.finKnown = true;
            c.finSeq = s.seq + s.length;
        }
        boolean inOrder = s.seq == c.rcvNxt && c.outOfOrder == null;
        if (inOrder) {
            inOrder(c, s);
        } else {
            reassembly.outOfOrder(c, s);
        }
        if (c.finKnown && !c.finReceived && Seq.lessOrEqual(c.finSeq, c.rcvNxt)) {
            control.fin(c);
        }
        if (!inOrder) {
            tcp.sender.acknowledge(c); // at once, and each one (RFC 5681 section 4.2)
        }
    }

    void inOrder(Connection c, Segment s) {
        int length = s.length;
        if (length == 0) {
            return;
        }
        if (!c.readShut) {
            if (!window(c).put(c.rcvPosition, s.memory, s.payload, length)) {
                noMemory(c, s);
                return;
            }
        }
        advance(c, length);
        c.unackedBytes += length;
        // RFC 9293 section 3.8.6.3, SHLD-19: at least every second full-sized segment.
        if (c.unackedBytes >= 2 * c.rcvMss
                || c.options.quickAck
                || tcp.settings.delayedAck() == 0
                || (tcp.settings.personality() == Personality.LINUX && isQuick(c))
                // FreeBSD: every second segment, full-sized or not.
                || (tcp.settings.personality() == Personality.BSD && c.ackDeadline != Connection.NEVER)) {
            c.ackNow = true;
            tcp.ready.add(c);
        } else {
            tcp.timers.delayAck(c);
        }
    }

    /** Linux: the first ACKs are not delayed, nor what follows a first segment at all, unless the connection is one of question and answer. */
    private boolean isQuick(Connection c) {
        Seldom own = c.ownSeldom();
        if (!own.dataSeen) {
            own.dataSeen = true;
            own.quickAcks = Personality.QUICK_ACKS;
        }
        return c.unackedBytes > c.rcvMss || (own.quickAcks > 0 && own.dialogue < Personality.DIALOGUE);
    }

    /** Data goes out: if it follows soon on what came in, it is an answer. */
    void answered(Connection c) {
        if (c.seldom.dataSeen
                && c.seldom.dialogue < Personality.DIALOGUE
                && tcp.now - c.lastReceived < tcp.settings.delayedAck()) {
            c.ownSeldom().dialogue++;
        }
    }

    /** Moves the left edge of the window. */
    void advance(Connection c, long bytes) {
        c.rcvPosition += bytes;
        c.rcvNxt += (int) bytes;
        tcp.counters.add(Counter.TCP_BYTES_IN, bytes);
        if (!c.readShut) {
            c.readable += (int) bytes;
            tcp.notify(c, Events.READABLE);
        }
    }

    /** There is no chunk for the segment: as if it had been lost. */
    void noMemory(Connection c, Segment s) {
        tcp.counters.add(Counter.TCP_NO_MEMORY);
        if (s.has(TcpHeader.FIN) && !c.finReceived) {
            c.finKnown = false; // it comes again with the data before it
        }
        if (c.readable() == 0 && c.outOfOrder == null) {
            tcp.pool.releaseReceive(c);
        }
        c.ackNow = true;
        tcp.ready.add(c);
    }

    ByteWindow window(Connection c) {
        ByteWindow window = c.receive;
        if (window == null) {
            window = tcp.pool.takeWindow();
            window.reset(c.readPosition());
            c.receive = window;
        }
        return window;
    }

    // ---- The application reads

    /** The application has taken bytes: their chunks are free, and the window may open (RFC 9293 section 3.8.6.2.2, MUST-39). */
    void consumed(Connection c, int bytes) {
        c.readable -= bytes;
        releaseRead(c);
        if (c.seldom.urgentPending && c.urgentAhead() == 0) {
            c.ownSeldom().urgentPending = false;
        }
        if (c.state.mayReceive() && tcp.sender.windowUpdateDue(c)) {
            c.ackNow = true;
            tcp.ready.add(c);
        }
    }

    /** Gives back the chunks that have been read. */
    void releaseRead(Connection c) {
        ByteWindow window = c.receive;
        if (window != null) {
            if (c.readable() <= 0 && c.outOfOrder == null) {
                tcp.pool.releaseReceive(c);
            } else {
                window.release(c.readPosition());
            }
        }
    }
}
