package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.core.wire.TcpOptions;
import org.jspecify.annotations.Nullable;

/**
 * Finds losses and decides what is sent again: fast retransmit and recovery by SACK (RFC 6675) or duplicate ACKs (RFC 5681 and 6582), and what a
 * retransmission timeout means (RFC 6298 and 5681). How fast it goes is the matter of {@link CongestionControl}; the sending that of {@link Sender}, which
 * sends what is marked lost before anything new, as long as less than the congestion window is in flight.
 */
final class LossRecovery {

    private static final int DUP_THRESH = 3;

    /** Paths narrower than this are not believed (RFC 5927 section 7.2); a link so narrow would have to fragment. */
    private static final int LEAST_MTU = 296;

    /** The MTUs to try where a router does not tell its own (RFC 1191 section 7.1). */
    private static final int[] PLATEAUS = {32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, 508, LEAST_MTU};

    /** RFC 8985 section 6.2, step 4: for how many recoveries the reordering window stays wide. */
    private static final byte REORDER_PERSIST = 16;

    private final Tcp tcp;

    /** The round trip that the ACK being processed measures; 0 if none. */
    private long rttSample;

    /** What was selectively acknowledged before the ACK being processed. */
    private int sackedBefore;

    /** Whether the ACK being processed reports a duplicate (RFC 2883). */
    private boolean duplicateReported;

    LossRecovery(Tcp tcp) {
        this.tcp = tcp;
    }

    /**
     * An ACK has come while something is in flight; SND.UNA has not moved yet.
     *
     * @param acked how far the ACK moves SND.UNA
     * @param duplicate whether it is a duplicate ACK by the definition of RFC 5681
     */
    void onAck(Connection c, Segment s, int acked, boolean duplicate) {
        SentSegments sent = c.sent;
        if (sent == null) {
            return;
        }
        duplicateReported = false;
        sent.rack()
                .begin(
                        sent,
                        tcp.now,
                        c.rtt.minRtt(),
                        s.options.tsEcr - c.tsOffset,
                        c.timestampsOk && s.options.tsEcr != 0,
                        c.recoveryPoint());
        sackedBefore = sent.sackedBytes();
        int waitedBefore = sent.waitingBytes();
        int sacked = c.sackOk && s.options.sackCount > 0 ? takeSacks(c, s, sent) : 0;
        if (acked > 0) {
            sent.acked(s.ack);
        }
        sampleRtt(c, s, sent, acked);
        adaptReordering(c, s, sent);
        // RFC 6675 section 2: with SACK a duplicate ACK is one that brings news.
        boolean counts = c.sackOk ? acked == 0 && sacked > 0 : duplicate;
        switch (c.loss.recovery) {
            case OPEN -> {
                if (acked > 0) {
                    grow(c, sent, acked, newlyArrived(c, sent, acked));
                    if (c.hasLossState()) {
                        LossState loss = c.ownLoss();
                        loss.dupAcks = 0;
                        if (Seq.greaterThan(s.ack, loss.recoveryPoint)) {
                            loss.recoveryPoint = s.ack - 1;
                        }
                    }
                } else if (counts) {
                    LossState loss = c.ownLoss();
                    if (loss.dupAcks++ == 0) {
                        loss.flightAtFirstDuplicate = c.flight();
                    }
                }
                if (isLossFound(c, s, sent)) {
                    enterFast(c, sent, acked);
                }
            }
            case FAST -> inFast(c, s, sent, acked, counts);
            case TIMEOUT -> inTimeout(c, s, sent, acked, counts);
        }
        if (duplicateReported
                && c.loss.recovery != Connection.Recovery.TIMEOUT
                && SpuriousRecovery.allWereDuplicates(c)) {
            undo(c, sent);
        }
        if (c.loss.recovery == Connection.Recovery.FAST && usesRack(c)) {
            int arrived = acked + sent.sackedBytes() - sackedBefore;
            if (arrived > 0) {
                reduce(c, sent, arrived, acked > 0 && sent.waitingBytes() <= waitedBefore);
            }
        }
        if (c.loss.probe != TailLossProbe.Probe.NONE) {
            boolean reported = duplicateReported && s.options.sackEnd[0] == c.loss.probeEnd;
            tcp.lossProbe.onAck(c, s, reported, duplicate && sacked == 0);
        }
        if (acked == 0 && sacked > 0) {
            tcp.timers.sacked(c, sent);
        }
        if (acked > 0 || counts) {
            tcp.ready.add(c);
        }
    }

    /** An ACK has come while nothing is in flight: it may report that what was sent again had arrived the first time. */
    void onReport(Connection c, Segment s) {
        if (c.sackOk && isDuplicateReport(s)) {
            tcp.counters.add(Counter.TCP_SPURIOUS);
            tcp.spurious.duplicateReported(c, s);
            if (SpuriousRecovery.allWereDuplicates(c)) {
                undo(c, null);
            }
            if (c.loss.probe != TailLossProbe.Probe.NONE && s.options.sackEnd[0] == c.loss.probeEnd) {
                tcp.lossProbe.onAck(c, s, true, false);
            }
        }
    }

    /** What the ACK says about reordering (RFC 8985 section 6.2, steps 3 and 4). */
    private void adaptReordering(Connection c, Segment s, SentSegments sent) {
        if (sent.rack().takeReordered()) {
            c.ownLoss().reorderingSeen = true;
        }
        if (duplicateReported && c.loss.totalRetransmits > 0) {
            LossState loss = c.ownLoss();
            if (Seq.greaterOrEqual(s.ack, loss.reorderRound) || loss.reorderPersist == 0) {
                loss.reorderRound = c.sndNxt;
                loss.reorderSteps = (byte) Math.min(loss.reorderSteps + 1, Byte.MAX_VALUE);
                loss.reorderPersist = REORDER_PERSIST;
            }
        }
    }

    private boolean usesRack(Connection c) {
        return c.sackOk && tcp.settings.rack();
    }

    /** Marks what is lost; returns whether anything is that was not before. */
    private boolean detect(Connection c, SentSegments sent) {
        int before = sent.waitingBytes();
        if (!usesRack(c)) {
            LossMarks.markBelowSacked(sent, c.sndMss, DUP_THRESH);
        } else if (sent.rack().hasAdvanced()) {
            sent.rack().detect(sent, tcp.now, reorderingWindow(c, sent));
        }
        return sent.waitingBytes() > before;
    }

    /** RACK.reo_wnd (RFC 8985 section 6.2, step 4). */
    private static long reorderingWindow(Connection c, SentSegments sent) {
        if (!c.loss.reorderingSeen
                && (c.loss.recovery != Connection.Recovery.OPEN
                        || sent.sackedSegments() >= DUP_THRESH
                        || sent.sackedBytes() > (DUP_THRESH - 1) * c.sndMss)) {
            return 0;
        }
        return Math.min(c.rtt.minRtt() / 4 * c.loss.reorderSteps, c.rtt.smoothedRtt());
    }

    /** What had time to arrive out of order has not arrived. */
    void onReorderTimeout(Connection c, SentSegments sent) {
        int before = sent.waitingBytes();
        sackedBefore = sent.sackedBytes();
        sent.rack().detect(sent, tcp.now, reorderingWindow(c, sent));
        if (sent.waitingBytes() > before
                && (c.loss.recovery == Connection.Recovery.OPEN
                        || (c.loss.recovery == Connection.Recovery.TIMEOUT
                                && sent.rack().isRetransmissionLost()))) {
            boolean known = Ecn.hasReducedFor(c, c.sndUna);
            enterFast(c, sent, 0);
            if (!known) {
                tcp.ecn.reduced(c);
            }
        }
    }

    /** By how much an ACK lets the window grow: Linux leaves out what was selectively acknowledged before. */
    private int newlyArrived(Connection c, SentSegments sent, int acked) {
        if (tcp.settings.personality() != Personality.LINUX) {
            return acked;
        }
        int before = c.sackOk ? sackedBefore - sent.sackedBytes() : c.loss.dupAcks * c.sndMss;
        return Math.max(0, acked - before);
    }

    private void grow(Connection c, SentSegments sent, int acked, int arrived) {
        CongestionControl congestion = c.congestion;
        int counted = arrived;
        boolean linux = tcp.settings.personality() == Personality.LINUX; // it knows no such bound
        int most = linux ? Integer.MAX_VALUE : CongestionControl.SLOW_START_LIMIT * c.sndMss;
        if (tcp.settings.hyStart() && congestion.inFirstSlowStart()) {
            HyStart hyStart = sent.hyStart();
            if (hyStart.onAck(rttSample, acked, c.flight() - acked)) {
                congestion.endSlowStart();
            }
            most = linux ? Integer.MAX_VALUE : HyStart.L * c.sndMss;
            counted = Math.max(1, Math.min(arrived, most) / hyStart.divisor());
        }
        boolean limited =
                c.cwndLimited || (congestion.inSlowStart() && sent.windowUse().isHalfOf(congestion.cwnd()));
        congestion.onAck(counted, most, c.rtt.smoothedRtt(), c.rtt.minRtt(), tcp.now, limited);
        c.cwndLimited = false;
    }

    private boolean isLossFound(Connection c, Segment s, SentSegments sent) {
        if (c.sackOk && (sent.hasSack() || sent.retransmittedBytes() > 0) && detect(c, sent)) {
            return true;
        }
        if (usesRack(c)) {
            return false;
        }
        // RFC 6582 section 3.2 step 2: duplicate ACKs for what was sent again after a timeout say nothing new.
        return c.loss.dupAcks >= DUP_THRESH && Seq.greaterThan(s.ack, c.loss.recoveryPoint);
    }

    /** RFC 6675 section 5, step 4; RFC 5681 section 3.2, steps 2 and 3; RFC 6582 section 3.2, step 2. */
    private void enterFast(Connection c, SentSegments sent, int acked) {
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
                    reductionBase(c, afterTimeout ? Math.min(flight, c.congestion.cwnd()) : flight), tcp.now);
        }
        if (sent.lostBytes() == 0) {
            markHeadLost(c, sent);
        }
        if (usesRack(c)) {
            sent.prr().enter(reductionBase(c, c.flight() - sackedBefore));
            reduce(c, sent, 0, false);
        } else {
            c.congestion.setCwnd(c.congestion.ssthresh());
        }
        loss.forceRetransmit = true;
        tcp.counters.add(Counter.TCP_FAST_RETRANSMITS);
    }

    /** What the threshold is computed from: what is in flight; in Linux the window, as RFC 9438 section 4.6 allows where it grows only while in use. */
    static int reductionBase(Connection c, int flight) {
        return c.tcp.settings.personality() == Personality.LINUX ? c.congestion.cwnd() : flight;
    }

    /** RFC 9937: something has arrived during recovery. */
    private static void reduce(Connection c, SentSegments sent, int arrived, boolean safe) {
        CongestionControl congestion = c.congestion;
        congestion.setCwnd(sent.prr().onAck(arrived, sent.pipe(), congestion.ssthresh(), c.sndMss, safe));
    }

    private void inFast(Connection c, Segment s, SentSegments sent, int acked, boolean counts) {
        if (acked == 0) {
            if (counts) {
                c.ownLoss().dupAcks++;
            }
            if (c.sackOk) {
                detect(c, sent);
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
            if (isLossFound(c, s, sent) || (usesRack(c) && sent.lostBytes() > 0)) {
                enterFast(c, sent, acked);
            }
            return;
        }
        if (sent.retransmittedBytes() == 0 && SpuriousRecovery.isOfOriginal(c, s)) {
            undo(c, sent);
            return;
        }
        // A partial acknowledgment: the segment after it is lost too.
        if (c.sackOk) {
            detect(c, sent);
            if (sent.lostBytes() == 0 && !usesRack(c)) {
                markHeadLost(c, sent);
            }
        } else {
            // Of the segments acknowledged, all but the one sent again had been counted by duplicate ACKs.
            c.ownLoss().dupAcks = Math.max(0, c.loss.dupAcks - Math.max(0, acked / c.sndMss - 1));
            markHeadLost(c, sent);
            c.ownLoss().forceRetransmit = true;
        }
    }

    /** Nothing was lost (RFC 4015): the window is what it was. */
    private void undo(Connection c, @Nullable SentSegments sent) {
        tcp.spurious.undo(c, sent);
        c.congestion.undo();
        if (c.loss.recovery != Connection.Recovery.OPEN) {
            leave(c);
        }
    }

    private void inTimeout(Connection c, Segment s, SentSegments sent, int acked, boolean counts) {
        boolean original = acked > 0 && (SpuriousRecovery.isOfOriginal(c, s) || SpuriousRecovery.allWereDuplicates(c));
        if (original || tcp.spurious.afterTimeout(c, s, sent, acked, counts)) {
            int flight = c.flight() - acked - sent.sackedBytes();
            tcp.spurious.undo(c, sent);
            c.congestion.undoTimeout(flight, acked);
            leave(c);
            if (isLossFound(c, s, sent)) {
                enterFast(c, sent, acked);
            }
            return;
        }
        if (acked > 0) {
            grow(c, sent, acked, newlyArrived(c, sent, acked));
            if (Seq.greaterOrEqual(s.ack, c.loss.recoveryPoint)) {
                leave(c);
            }
        } else if (counts
                && !c.sackOk
                && (c.loss.dupAcks + 1) * c.sndMss <= Seq.distance(c.sndNxt, c.loss.recoveryPoint)) {
            c.ownLoss().dupAcks++; // for new data that F-RTO has sent; what else is in flight is taken for lost anyway
        }
        if (c.sackOk) {
            boolean lost = detect(c, sent);
            boolean lostAgain = usesRack(c) && sent.rack().isRetransmissionLost();
            // The loss of a retransmission is another sign of congestion (RFC 5681 section 4.3).
            if (c.loss.recovery == Connection.Recovery.OPEN ? lost || sent.lostBytes() > 0 : lostAgain) {
                enterFast(c, sent, acked);
            }
        }
    }

    /** One segment is lost, not a whole frame of many that the device has cut; a FIN goes with the last byte. */
    private static void markHeadLost(Connection c, SentSegments sent) {
        int size = Sender.segmentSize(c);
        int end = sent.end(0);
        boolean withFin = c.finSent && end == c.sndNxt && Seq.distance(end, sent.start(0)) == size + 1;
        LossMarks.markHead(sent, withFin ? size + 1 : size);
    }

    private static void leave(Connection c) {
        LossState loss = c.ownLoss();
        if (loss.reorderPersist > 0 && --loss.reorderPersist == 0) {
            loss.reorderSteps = 1;
        }
        loss.recovery = Connection.Recovery.OPEN;
        loss.dupAcks = 0;
        loss.forceRetransmit = false;
        loss.frto = SpuriousRecovery.Frto.OFF;
    }

    /** The retransmission timer has fired (RFC 6298 section 5; RFC 5681 section 3.1, equation 4; RFC 6675 section 5.1). */
    void onTimeout(Connection c) {
        SentSegments sent = c.sent;
        if (sent == null) {
            return;
        }
        LossState loss = c.ownLoss();
        loss.frto = SpuriousRecovery.Frto.OFF;
        if (c.retransmits == 1 && c.sndWnd > 0) {
            if (loss.recovery == Connection.Recovery.OPEN) {
                SpuriousRecovery.begin(c);
                // RFC 5682 section 3.1, step 1: not where recovery was under way.
                loss.frto = tcp.settings.frto() ? SpuriousRecovery.Frto.RESENT : SpuriousRecovery.Frto.OFF;
            }
            c.congestion.onTimeout(reductionBase(c, c.flight()), tcp.now);
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
        if (usesRack(c)) {
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

    /** Bytes believed to be in the network: Pipe of RFC 6675; without SACK each duplicate ACK stands for a segment that has left it. */
    static int pipe(Connection c) {
        SentSegments sent = c.sent;
        if (sent == null) {
            return 0;
        }
        return c.sackOk ? sent.pipe() : Math.max(0, sent.pipe() - c.loss.dupAcks * c.sndMss);
    }

    private int takeSacks(Connection c, Segment s, SentSegments sent) {
        var options = s.options;
        int news = 0;
        for (int i = 0; i < options.sackCount; i++) {
            int start = options.sackStart[i];
            int end = options.sackEnd[i];
            if (i == 0 && isDuplicateReport(s)) {
                tcp.counters.add(Counter.TCP_SPURIOUS);
                tcp.spurious.duplicateReported(c, s);
                duplicateReported = true;
                continue;
            }
            // Only what is in flight and not acknowledged by the same segment; anything else is old or invented.
            if (Seq.lessThan(start, end)
                    && Seq.greaterThan(start, s.ack)
                    && Seq.greaterThan(start, c.sndUna)
                    && Seq.lessOrEqual(end, c.sndNxt)) {
                news += SelectiveAcks.take(sent, start, end);
            }
        }
        return news;
    }

    /** RFC 2883 section 4: the first block reports a duplicate if it lies below the ACK, or within the second block. */
    private static boolean isDuplicateReport(Segment s) {
        var options = s.options;
        if (Seq.lessThan(options.sackStart[0], s.ack)) {
            return true;
        }
        return options.sackCount > 1
                && Seq.greaterOrEqual(options.sackStart[0], options.sackStart[1])
                && Seq.lessOrEqual(options.sackEnd[0], options.sackEnd[1]);
    }

    /**
     * RFC 6298 section 3 (Karn): what was sent twice is no measure, unless the timestamp echoed tells which it was (RFC 7323 section 4). What is selectively
     * acknowledged measures as well (RFC 8985 section 6.2, step 1): the ACK was sent when it arrived.
     */
    private void sampleRtt(Connection c, Segment s, SentSegments sent, int acked) {
        rttSample = 0;
        long sentAt = acked > 0 ? sent.rttSampleSentAt() : SentSegments.NO_SAMPLE;
        if (sentAt == SentSegments.NO_SAMPLE) {
            sentAt = sent.rack().sackedSentAt();
        }
        if (sentAt != SentSegments.NO_SAMPLE) {
            rttSample = tcp.now - sentAt;
        } else if (acked > 0) {
            rttSample = Timestamps.roundTrip(c, s, tcp.now);
        } else {
            return;
        }
        if (rttSample > 0 || sentAt != SentSegments.NO_SAMPLE) {
            c.rtt.sample(rttSample, Math.max(1, c.flight() / (2 * Math.max(c.sndMss, 1))));
        }
    }

    // ---- Segment size

    /** Eff.snd.MSS (RFC 9293 section 3.7.1, MUST-16): what the peer takes and the path lets through, less the options of every segment. */
    void updateMss(Connection c) {
        Path path = c.path;
        if (path == null) {
            return;
        }
        int mss = Math.min(c.peerMss, c.pathMtu - path.ipHeaderLength() - TcpHeader.MIN_LENGTH);
        if (c.options.maxSegment > 0) {
            mss = Math.min(mss, Math.max(c.options.maxSegment, Handshake.LEAST_MSS));
        }
        if (c.timestampsOk) {
            mss -= TcpOptions.TIMESTAMPS_LENGTH;
        }
        if (mss != c.sndMss) {
            c.sndMss = mss;
            if (c.state.isSynchronized()) {
                c.congestion.onMssChange(mss);
            }
        }
    }

    /** A router could not forward a segment of ours whole (RFC 1191). */
    void onPacketTooBig(Connection c, int mtu) {
        int narrower = mtu == 0 ? plateauBelow(c.pathMtu) : Math.max(mtu, LEAST_MTU);
        if (narrower >= c.pathMtu) {
            tcp.counters.add(Counter.ICMP_IGNORED);
            return;
        }
        c.pathMtu = (char) narrower;
        updateMss(c);
        SentSegments sent = c.sent;
        if (sent != null) {
            // Sent again at once in smaller pieces; no sign of congestion (RFC 1191 section 6.4).
            LossMarks.markAll(sent);
            c.ownLoss().forceRetransmit = true;
            tcp.ready.add(c);
        }
    }

    private static int plateauBelow(int mtu) {
        for (int plateau : PLATEAUS) {
            if (plateau < mtu) {
                return plateau;
            }
        }
        return LEAST_MTU;
    }
}
