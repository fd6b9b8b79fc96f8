package dev.jmtcp.core.tcp;

import dev.jmtcp.core.buffer.ByteWindow;
import dev.jmtcp.core.buffer.Ranges;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;

/**
 * Segments that arrive for a connection past its first SYN, in the order of RFC 9293 section 3.10.7.4: sequence number, RST, SYN, ACK, URG, text, FIN.
 */
final class Receiver {

    /** In nanoseconds. */
    private static final long EMPTY_INTERVAL = 500_000_000;

    private final Tcp tcp;
    private final Acknowledgments acknowledgments;

    Receiver(Tcp tcp) {
        this.tcp = tcp;
        acknowledgments = new Acknowledgments(tcp);
    }

    void process(Connection c, Segment s, long now) {
        if (!timestampIsFresh(c, s, now) || !maySynPass(c, s) || !isAcceptable(c, s)) {
            return;
        }
        if (s.has(TcpHeader.RST)) {
            reset(c, s);
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
        if (c.state == State.SYN_RECEIVED && !inSynReceived(c, s)) {
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
            urgent(c, s);
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
            return outside(c, s, window, length);
        }
        int old = Seq.distance(c.rcvNxt, s.seq);
        if (old > 0) {
            noteDuplicate(c, s.seq, c.rcvNxt);
            s.trimFront(old);
        }
        int beyond = Seq.distance(s.seq + s.sequenceLength(), c.rcvNxt + window);
        if (beyond > 0) {
            s.trimBack(beyond);
        }
        return true;
    }

    /** The window offered; FreeBSD takes it for all the free part of a connection's buffer, also where the header could not say so much. */
    private int offered(Connection c) {
        int offered = Math.max(0, Seq.distance(c.rcvAdv, c.rcvNxt));
        boolean whole = tcp.settings.personality() == Personality.BSD
                && c.state != State.TIME_WAIT
                && !(c.state == State.SYN_RECEIVED && c.listener != null);
        return whole ? Math.max(offered, SegmentWriter.free(c)) : offered;
    }

    /**
     * A segment outside the window. Answered with an ACK, unless it is a RST; what it acknowledges is looked at all the same where the window is closed
     * (RFC 9293 section 3.10.7.4, MUST-66) or the segment is an old one: a peer that repeats itself has not heard our ACKs, but we heard its.
     *
     * @return whether the rest of the checks are to be made, on what is left of the segment
     */
    private boolean outside(Connection c, Segment s, int window, int length) {
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
            noteDuplicate(c, s.seq, s.seq + length);
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

    /** What has come twice is told in the first SACK block of the next ACK (RFC 2883 section 4). */
    private void noteDuplicate(Connection c, int start, int end) {
        // RFC 2883 section 4 is about data; in TIME-WAIT only the FIN can come twice.
        if (c.sackOk && Seq.lessThan(start, end) && c.state != State.TIME_WAIT) {
            Seldom own = c.ownSeldom();
            own.duplicateStart = start;
            own.duplicateEnd = end;
            c.ackNow = true;
            tcp.ready.add(c);
        }
    }

    // ---- Second check: RST

    /** RFC 5961 section 3.2: a RST counts only if it is exactly at the left edge; elsewhere in the window it is asked about. */
    private void reset(Connection c, Segment s) {
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
     * Looks for a SYN before the sequence number check, which would trim it off: RFC 5961 section 4.2 has it challenged irrespective of its sequence
     * number.
     *
     * @return whether the segment has none, or is the SYN-ACK of a simultaneous open, without its SYN then
     */
    private boolean maySynPass(Connection c, Segment s) {
        if (!s.has(TcpHeader.SYN) || s.has(TcpHeader.RST)) {
            return true;
        }
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
        if (c.state == State.SYN_RECEIVED && c.listener != null && Seq.inWindow(s.seq, c.rcvNxt, offered(c))) {
            tcp.end(c, CloseReason.RESET); // after a passive open: return to LISTEN
        } else if (!tcp.settings.strictSyns() && Seq.inWindow(s.seq, c.rcvNxt, offered(c))) {
            tcp.replies.abort(c);
            tcp.end(c, CloseReason.RESET);
        } else {
            tcp.replies.challenge(c);
        }
        return false;
    }

    // ---- Fifth check in SYN-RECEIVED

    private boolean inSynReceived(Connection c, Segment s) {
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
    private void urgent(Connection c, Segment s) {
        long end = c.rcvPosition + Seq.distance(s.firstSeq + s.urgent, c.rcvNxt);
        if (end > c.rcvPosition && (!c.seldom.urgentPending || end > c.seldom.urgentEnd)) {
            Seldom own = c.ownSeldom();
            own.urgentEnd = end;
            own.urgentPending = true;
            tcp.notify(c, Events.URGENT);
        }
    }

    // ---- Seventh and eighth check: text and FIN

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
            outOfOrder(c, s);
        }
        if (c.finKnown && !c.finReceived && Seq.lessOrEqual(c.finSeq, c.rcvNxt)) {
            fin(c);
        }
        if (!inOrder) {
            tcp.sender.acknowledge(c); // at once, and each one (RFC 5681 section 4.2)
        }
    }

    private void inOrder(Connection c, Segment s) {
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
    private void advance(Connection c, long bytes) {
        c.rcvPosition += bytes;
        c.rcvNxt += (int) bytes;
        tcp.counters.add(Counter.TCP_BYTES_IN, bytes);
        if (!c.readShut) {
            c.readable += (int) bytes;
            tcp.notify(c, Events.READABLE);
        }
    }

    /** RFC 9293 section 3.10.7.4, SHLD-31: what comes out of order is kept. */
    private void outOfOrder(Connection c, Segment s) {
        if (s.length == 0) {
            return;
        }
        Ranges ranges = c.outOfOrder;
        if (ranges == null) {
            ranges = tcp.pool.takeRanges();
            c.outOfOrder = ranges;
        }
        long start = c.rcvPosition + Seq.distance(s.seq, c.rcvNxt);
        long end = start + s.length;
        boolean atEdge = s.seq == c.rcvNxt;
        if (!atEdge) {
            tcp.counters.add(Counter.TCP_OUT_OF_ORDER);
        }
        notePartDuplicate(c, ranges, start, end);
        if (!window(c).put(start, s.memory, s.payload, s.length)) {
            if (atEdge && c.readable() == 0) {
                // What came out of order makes room, else nothing would ever go on (RFC 2018 section 8 lets a receiver
                // do that).
                tcp.pool.releaseReceive(c);
                inOrder(c, s);
                return;
            }
            noMemory(c, s);
        } else if (atEdge) {
            fillHole(c, ranges, end);
        } else if (!ranges.add(start, end)) {
            tcp.counters.add(Counter.TCP_NO_MEMORY); // too many holes
        }
        if (ranges.count() == 0) {
            tcp.pool.releaseOutOfOrder(c);
        }
    }

    /** The left edge moves over what has come now, up to a position, and what had come before it. */
    private void fillHole(Connection c, Ranges ranges, long end) {
        long contiguous = ranges.contiguousEnd(end);
        long bytes = contiguous - c.rcvPosition;
        ranges.removeBelow(contiguous);
        advance(c, bytes);
        if (c.readShut) {
            releaseRead(c);
        }
    }

    /** RFC 2883 section 4.2: of a segment that has come in part already, the first part is told; one that lies before it has been noted. */
    private void notePartDuplicate(Connection c, Ranges ranges, long start, long end) {
        int i = ranges.firstWithin(start, end);
        if (i >= 0 && !c.hasDuplicate()) {
            int from = c.rcvNxt + (int) (Math.max(start, ranges.start(i)) - c.rcvPosition);
            int to = c.rcvNxt + (int) (Math.min(end, ranges.end(i)) - c.rcvPosition);
            noteDuplicate(c, from, to);
        }
    }

    private void noMemory(Connection c, Segment s) {
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

    /** All before the peer's FIN has arrived, and so has the FIN (RFC 9293 section 3.10.7.4, eighth check). */
    private void fin(Connection c) {
        c.finReceived = true;
        c.rcvNxt++;
        if (c.outOfOrder != null) { // beyond the end of the stream
            tcp.pool.releaseOutOfOrder(c);
            releaseRead(c);
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

    private ByteWindow window(Connection c) {
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

    private void releaseRead(Connection c) {
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
