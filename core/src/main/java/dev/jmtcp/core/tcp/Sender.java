package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;

/**
 * Decides what leaves, and when: SYNs, segments lost, new data as far as the peer's window and the congestion window let it, the FIN, and ACKs. Looks
 * at the connections of the ready list, once a turn.
 */
final class Sender {

    /** The most segments that one connection sends in a turn before the others have theirs. */
    private static final int SEGMENTS_A_TURN = 64;

    private final Tcp tcp;
    private final SegmentWriter writer;

    Sender(Tcp tcp) {
        this.tcp = tcp;
        writer = new SegmentWriter(tcp);
    }

    /** Goes through the ready list once; stops where the transmit ring is full. */
    void flush() {
        Connection last = tcp.ready.last();
        boolean more = last != null;
        while (more) {
            Connection c = tcp.ready.poll();
            if (c == null) {
                return;
            }
            more = c != last;
            if (c.state == State.CLOSED) {
                tcp.recycleIfDone(c);
                continue;
            }
            long result = output(c);
            if (result == Network.FULL) {
                tcp.ready.add(c);
                return;
            }
            if (result == Network.UNRESOLVED) {
                waitForNeighbour(c);
            }
            tcp.timers.arm(c);
        }
    }

    /** The neighbour's address is being asked for: the connection waits with the path. */
    private static void waitForNeighbour(Connection c) {
        Path path = c.path;
        if (path != null) {
            path.waiting.add(c);
        }
    }

    /** Sends what is due on a connection; 0 or more, or {@link Network#FULL} or {@link Network#UNRESOLVED} if something could not leave. */
    private long output(Connection c) {
        if (c.synQueued) {
            long result = writer.syn(c);
            if (result >= 0) {
                c.synQueued = false;
                tcp.timers.sentData(c);
            }
            return result;
        }
        long result = 0;
        if (c.state.transmits()) {
            result = retransmit(c);
            if (result >= 0 && !isLossWaiting(c)) {
                int before = c.sndNxt;
                result = newData(c);
                if (c.sndNxt != before) {
                    tcp.timers.sentNewData(c);
                }
                if (result >= 0 && c.loss.recovery == Connection.Recovery.FAST && c.sackOk && !tcp.settings.rack()) {
                    result = lastResort(c);
                }
            }
            if (result >= 0 && c.loss.lossProbeDue) {
                result = lossProbe(c);
            }
            if (result < 0) {
                return result;
            }
            if (c.sendTimer == Connection.SendTimer.IDLE && isHeldBack(c)) {
                tcp.timers.startProbe(c);
            }
        }
        if (c.probeDue) {
            result = probe(c);
            if (result < 0) {
                return result;
            }
        }
        if (c.ackNow && c.state != State.SYN_SENT) {
            // FreeBSD repeats a FIN that is not acknowledged.
            boolean finAgain = tcp.settings.personality() == Personality.BSD && c.finSent && c.flight() == 1;
            result = finAgain ? writer.data(c, c.sndUna, 1, false, false) : writer.ack(c, c.sndNxt);
        }
        return result;
    }

    // ---- Segments lost

    private long retransmit(Connection c) {
        SentSegments sent = c.sent;
        if (sent == null || sent.lostBytes() == 0 || c.loss.frto == SpuriousRecovery.Frto.NEW_DATA) {
            return 0;
        }
        for (int budget = SEGMENTS_A_TURN; budget > 0; budget--) {
            int i = NextSegment.lost(sent);
            if (i < 0) {
                return 0;
            }
            int seq = sent.start(i);
            int end = sent.end(i);
            int length = Math.min(Seq.distance(end, seq), mostAgain(c));
            if (c.finSent && end == c.sndNxt && end == seq + length + 1) {
                length++; // the FIN goes with the last byte
            }
            // RFC 9293 section 3.8.6, SHLD-16: what lay in the window once may be sent again; beyond a shrunk window
            // only the first, as a probe.
            boolean first = i == 0 && c.loss.forceRetransmit;
            if (!first && Seq.greaterThan(seq + length, c.sndEdge())) {
                return 0;
            }
            // RFC 6675 section 5, step (C): while cwnd − pipe >= 1 SMSS; the first goes in any case (step 4.3).
            if (!c.loss.forceRetransmit && LossRecovery.pipe(c) + length > c.congestion.cwnd()) {
                c.cwndLimited = true;
                return 0;
            }
            long result = writer.data(c, seq, length, false, isPushedAgain(c, sent, i, seq + length));
            if (result < 0) {
                return result;
            }
            noteRetransmitted(c, sent, i, seq + length);
            if (i == 0) {
                tcp.timers.resentOldest(c);
            }
            c.ownLoss().forceRetransmit = false;
        }
        tcp.ready.add(c);
        return 0;
    }

    /**
     * Nothing is lost, nothing new can go, and there is room in the pipe (RFC 6675 section 4, NextSeg (3) and (4)): what lies below something that has arrived
     * goes again, and once in a recovery the last segment, lest it be waited for until the timer fires.
     */
    private long lastResort(Connection c) {
        SentSegments sent = c.sent;
        boolean moreToSend = c.unsent() > 0 || (c.finQueued && !c.finSent);
        if (sent == null || (moreToSend && Seq.greaterThan(c.sndEdge(), c.sndNxt))) {
            return 0;
        }
        for (int budget = SEGMENTS_A_TURN; budget > 0; budget--) {
            int i = NextSegment.doubtful(sent);
            boolean rescue = i < 0;
            if (rescue) {
                // What has been sent since recovery began will bring news by itself.
                if (c.sndNxt != c.loss.recoveryPoint || !NextSegment.mayRescue(sent)) {
                    return 0;
                }
                i = sent.cutTail(segmentSize(c) + (c.finSent ? 1 : 0));
            }
            int seq = sent.start(i);
            int end = rescue ? sent.end(i) : Seq.min(sent.end(i), seq + segmentSize(c));
            int size = Seq.distance(end, seq);
            if (LossRecovery.pipe(c) + size > c.congestion.cwnd() || Seq.greaterThan(end, c.sndEdge())) {
                return 0;
            }
            long result = writer.data(c, seq, size, false, isPushedAgain(c, sent, i, end));
            if (result < 0) {
                return result;
            }
            noteRetransmitted(c, sent, i, end);
            if (rescue) {
                sent.rescued();
                return 0;
            }
        }
        tcp.ready.add(c);
        return 0;
    }

    /** How much may be sent again in one frame; Linux has the device cut it. */
    private int mostAgain(Connection c) {
        int mss = segmentSize(c);
        return tcp.settings.personality() == Personality.LINUX && !c.loss.forceRetransmit
                ? Math.max(mss, segmented(c, c.congestion.cwnd() - LossRecovery.pipe(c), mss))
                : mss;
    }

    /** Whether what is sent again up to a sequence number has PSH. */
    private boolean isPushedAgain(Connection c, SentSegments sent, int i, int end) {
        if (tcp.settings.personality() == Personality.LINUX) {
            return (end == sent.end(i) && sent.wasPushed(i)) || Seq.distance(end, sent.start(i)) > segmentSize(c) + 1;
        }
        return c.position(end) >= c.sendEnd();
    }

    private void noteRetransmitted(Connection c, SentSegments sent, int i, int end) {
        sent.prr().sent(Seq.distance(end, sent.start(i)));
        sent.retransmitted(i, end, tcp.now);
        SpuriousRecovery.resent(c, tcp.now);
        c.ownLoss().totalRetransmits++;
        tcp.counters.add(Counter.TCP_RETRANSMITS);
    }

    /** A tail loss probe: new data if there is some that the window lets through, whatever the congestion window says, else the last segment again. */
    private long lossProbe(Connection c) {
        SentSegments sent = c.sent;
        if (sent == null || !tcp.lossProbe.mayStart(c, sent)) {
            c.ownLoss().lossProbeDue = false;
            return 0;
        }
        int length = Math.min(Math.min(c.unsent(), Seq.distance(c.sndEdge(), c.sndNxt)), segmentSize(c));
        if (length > 0) {
            long result = sendNew(c, length, false);
            if (result >= 0) {
                tcp.lossProbe.sent(c, TailLossProbe.Probe.NEW);
            }
            return result;
        }
        int last = sent.cutTail(segmentSize(c) + (c.finSent ? 1 : 0));
        int seq = sent.start(last);
        int end = sent.end(last);
        long result = writer.data(c, seq, Seq.distance(end, seq), false, isPushedAgain(c, sent, last, end));
        if (result >= 0) {
            noteRetransmitted(c, sent, last, end);
            tcp.lossProbe.sent(c, TailLossProbe.Probe.RESENT);
        }
        return result;
    }

    /** What is lost goes first (RFC 6675 section 4, NextSeg): nothing new while some of it waits for the window. */
    private static boolean isLossWaiting(Connection c) {
        SentSegments sent = c.sent;
        return sent != null && NextSegment.lost(sent) >= 0 && c.loss.frto != SpuriousRecovery.Frto.NEW_DATA;
    }

    // ---- New data

    private long newData(Connection c) {
        if (c.unsent() == 0 && (!c.finQueued || c.finSent)) {
            return 0;
        }
        if (tcp.settings.restartAfterIdle() && c.flight() == 0 && c.loss.recovery == Connection.Recovery.OPEN) {
            // RFC 5681 section 4.1: after a time without sending data the congestion window is no longer known to fit.
            long idle = tcp.now - c.lastDataSent;
            if (idle > c.rtt.rto()) {
                c.congestion.onIdle(idle, c.rtt.rto());
            }
        }
        for (int budget = SEGMENTS_A_TURN; budget > 0; budget--) {
            int unsent = c.unsent();
            boolean fin = c.finQueued && !c.finSent;
            if (unsent == 0 && !fin) {
                return 0;
            }
            int length = chooseLength(c, unsent, fin);
            if (length < 0) {
                return 0;
            }
            boolean withFin = fin && length == unsent && Seq.greaterThan(c.sndEdge(), c.sndNxt + length);
            if (length == 0 && !withFin) {
                return 0;
            }
            long result = sendNew(c, length, withFin);
            if (result < 0) {
                return result;
            }
        }
        tcp.ready.add(c);
        return 0;
    }

    /** Sends the next bytes for the first time. */
    private long sendNew(Connection c, int length, boolean withFin) {
        int seq = c.sndNxt;
        int size = length + (withFin ? 1 : 0);
        c.finSent |= withFin;
        c.sndNxt += size;
        // RFC 9293 section 3.9.1.2, MUST-61: on the last segment of what is buffered. Linux also pushes what the device
        // cuts, so that the receiver's aggregation ends with it.
        boolean last = c.position(c.sndNxt) >= c.sendEnd();
        boolean cut = tcp.settings.personality() == Personality.LINUX && length > segmentSize(c);
        long result = writer.data(c, seq, size, true, last || cut);
        if (result < 0) {
            c.sndNxt = seq;
            c.finSent &= !withFin;
            return result;
        }
        SentSegments sent = c.sent;
        if (sent == null) {
            sent = tcp.pool.takeRecord();
            sent.reset(seq);
            c.sent = sent;
        }
        sent.sent(c.sndNxt, tcp.now);
        if (last) {
            sent.pushed();
        }
        sent.prr().sent(size);
        sent.windowUse().sent(c.sndUna, c.sndNxt);
        tcp.timers.sentData(c);
        c.cwndLimited |= LossRecovery.pipe(c) + c.sndMss > c.congestion.cwnd();
        return result;
    }

    /** How many bytes the next new segment gets; −1 if none may go now, 0 for a FIN alone. */
    private int chooseLength(Connection c, int unsent, boolean fin) {
        int window = Seq.distance(c.sndEdge(), c.sndNxt); // negative where the peer has shrunk it (MUST-34)
        int length = Math.min(unsent, window);
        if (length < 0) {
            return -1;
        }
        int mss = segmentSize(c);
        int allowed = c.congestion.cwnd() - LossRecovery.pipe(c);
        if (length > mss) {
            // A device would give each part the same urgent pointer, and CWR.
            length = c.seldom.urgentToSend || (c.ecn & Ecn.REDUCED) != 0
                    ? mss
                    : Math.max(mss, segmented(c, Math.min(length, allowed), mss));
        }
        if (length > allowed) {
            c.cwndLimited = true;
            return -1;
        }
        return length >= mss || mayGoShort(c, length, unsent, window, fin) ? length : -1;
    }

    /** How much goes into one frame that the device cuts into segments; less than one segment if it does not. */
    private int segmented(Connection c, int length, int mss) {
        Path path = c.path;
        int limit = path == null ? 0 : path.maxSegmentation() - TcpHeader.MAX_LENGTH;
        if (tcp.settings.personality() == Personality.LINUX) {
            limit = Math.min(limit, Personality.burst(c, mss));
        }
        return Math.min(length, limit) / mss * mss;
    }

    /**
     * Whether a segment below full size may leave: the sender's silly window avoidance (RFC 9293 section 3.8.6.2.1, MUST-38) with Nagle's
     * algorithm (section 3.7.4, SHLD-7).
     */
    private boolean mayGoShort(Connection c, int length, int unsent, int window, boolean fin) {
        if (fin && unsent <= window) {
            return true; // the last there will be
        }
        if (length == 0 || c.options.cork) {
            return false;
        }
        boolean idle = c.flight() == 0
                || c.options.noDelay
                || c.seldom.urgentToSend
                // Minshall's: only a short segment is waited for.
                || (tcp.settings.personality() == Personality.LINUX
                        && !(c.seldom.shortSent && Seq.greaterThan(c.seldom.shortEnd, c.sndUna)));
        return idle && (unsent <= window || length >= c.maxSndWnd / 2);
    }

    /** The payload of a full segment that also carries the SACK blocks due. */
    static int segmentSize(Connection c) {
        return c.sndMss - SegmentWriter.sackLength(c);
    }

    /** Whether something waits and nothing in flight will bring an ACK that lets it go. */
    static boolean isHeldBack(Connection c) {
        return c.flight() == 0 && (c.unsent() > 0 || (c.finQueued && !c.finSent));
    }

    // ---- ACKs and probes

    /** Sends an ACK at once, or with the next turn if there is no room now. */
    void acknowledge(Connection c) {
        if (c.synQueued || writer.ack(c, c.sndNxt) < 0) {
            c.ackNow = true;
            tcp.ready.add(c);
        }
    }

    /**
     * A probe is due. If something is held back, what the window lets through goes, silly or not (the override of RFC 9293 section 3.8.6.2.1). Else a
     * segment that the peer must answer although it needs nothing: the number before SND.UNA, no data (section 3.8.4). It is used for keep-alive, and, as
     * Linux and mTCP do, for zero windows too: it says no more than a byte beyond the window would (section 3.8.6.1), and leaves nothing in flight.
     */
    private long probe(Connection c) {
        long result = 0;
        if (c.flight() == 0) { // else what has left meanwhile will be answered
            if (mayOverride(c)) {
                int window = Seq.distance(c.sndEdge(), c.sndNxt);
                result = sendNew(c, Math.min(Math.min(c.unsent(), window), segmentSize(c)), false);
            } else {
                result = writer.ack(c, c.sndUna - 1);
            }
        }
        c.probeDue &= result < 0;
        return result;
    }

    /** Whether something is held back that the window would let through. */
    static boolean mayOverride(Connection c) {
        return c.unsent() > 0 && Seq.greaterThan(c.sndEdge(), c.sndNxt);
    }

    /** Whether the window has opened enough to tell the peer (RFC 9293 section 3.8.6.2.2). */
    boolean windowUpdateDue(Connection c) {
        int offered = Math.max(0, Seq.distance(c.rcvAdv, c.rcvNxt));
        return writer.window(c) - offered >= Math.min(c.options.receiveBuffer / 2, 2 * c.rcvMss);
    }
}
