package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;

/**
 * What ACKs and timers mean for what is in flight: round trips are measured, the window grows, and what is lost is sent again. This is the way of every ACK;
 * {@link LossDetection} finds losses, {@link FastRecovery} and {@link TimeoutRecovery} deal with them. How fast it goes is the matter of
 * {@link CongestionControl}; the sending that of {@link Sender}, which sends what is marked lost before anything new, as long as less than the congestion
 * window is in flight.
 */
final class LossRecovery {

    private final Tcp tcp;
    private final FastRecovery fast;
    private final TimeoutRecovery timeout;

    /** The round trip that the ACK being processed measures; 0 if none. */
    private long rttSample;

    /** What was selectively acknowledged before the ACK being processed. */
    private int sackedBefore;

    /** Whether the ACK being processed reports a duplicate (RFC 2883). */
    private boolean duplicateReported;

    LossRecovery(Tcp tcp) {
        this.tcp = tcp;
        fast = new FastRecovery(tcp);
        timeout = new TimeoutRecovery(tcp, fast);
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
        LossDetection.adaptReordering(c, s, sent, duplicateReported);
        // RFC 6675 section 2: with SACK a duplicate ACK is one that brings news.
        boolean counts = c.sackOk ? acked == 0 && sacked > 0 : duplicate;
        switch (c.loss.recovery) {
            case OPEN -> {
                if (acked > 0) {
                    grow(c, sent, acked);
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
                if (LossDetection.isFound(tcp, c, s, sent)) {
                    fast.enter(c, sent, acked);
                }
            }
            case FAST -> fast.onAck(c, s, sent, acked, counts);
            case TIMEOUT -> timeout.onAck(c, s, sent, acked, counts);
        }
        if (duplicateReported
                && c.loss.recovery != Connection.Recovery.TIMEOUT
                && SpuriousRecovery.allWereDuplicates(c)) {
            fast.undo(c, sent);
        }
        if (c.loss.recovery == Connection.Recovery.FAST && LossDetection.usesRack(tcp, c)) {
            int arrived = acked + sent.sackedBytes() - sackedBefore;
            if (arrived > 0) {
                FastRecovery.reduce(c, sent, arrived, acked > 0 && sent.waitingBytes() <= waitedBefore);
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

    /** The ACK moves SND.UNA outside of fast recovery: the congestion window grows. */
    void grow(Connection c, SentSegments sent, int acked) {
        int arrived = newlyArrived(c, sent, acked);
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

    /** By how much an ACK lets the window grow: Linux leaves out what was selectively acknowledged before. */
    private int newlyArrived(Connection c, SentSegments sent, int acked) {
        if (tcp.settings.personality() != Personality.LINUX) {
            return acked;
        }
        int before = c.sackOk ? sackedBefore - sent.sackedBytes() : c.loss.dupAcks * c.sndMss;
        return Math.max(0, acked - before);
    }

    // ---- What comes seldom

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

    /** An ACK has come while nothing is in flight: it may report that what was sent again had arrived the first time. */
    void onReport(Connection c, Segment s) {
        if (c.sackOk && isDuplicateReport(s)) {
            tcp.counters.add(Counter.TCP_SPURIOUS);
            tcp.spurious.duplicateReported(c, s);
            if (SpuriousRecovery.allWereDuplicates(c)) {
                fast.undo(c, null);
            }
            if (c.loss.probe != TailLossProbe.Probe.NONE && s.options.sackEnd[0] == c.loss.probeEnd) {
                tcp.lossProbe.onAck(c, s, true, false);
            }
        }
    }

    /** What had time to arrive out of order has not arrived. */
    void onReorderTimeout(Connection c, SentSegments sent) {
        int before = sent.waitingBytes();
        sackedBefore = sent.sackedBytes();
        sent.rack().detect(sent, tcp.now, LossDetection.reorderingWindow(c, sent));
        if (sent.waitingBytes() > before
                && (c.loss.recovery == Connection.Recovery.OPEN
                        || (c.loss.recovery == Connection.Recovery.TIMEOUT
                                && sent.rack().isRetransmissionLost()))) {
            boolean known = Ecn.hasReducedFor(c, c.sndUna);
            fast.enter(c, sent, 0);
            if (!known) {
                tcp.ecn.reduced(c);
            }
        }
    }

    /** The retransmission timer has fired. */
    void onTimeout(Connection c) {
        SentSegments sent = c.sent;
        if (sent != null) {
            timeout.begin(c, sent);
        }
    }

    // ---- For others

    /** What was selectively acknowledged before the ACK being processed. */
    int sackedBefore() {
        return sackedBefore;
    }

    /** What the threshold is computed from: what is in flight; in Linux the window, as RFC 9438 section 4.6 allows where it grows only while in use. */
    static int reductionBase(Connection c, int flight) {
        return c.tcp.settings.personality() == Personality.LINUX ? c.congestion.cwnd() : flight;
    }

    /** Bytes believed to be in the network: Pipe of RFC 6675; without SACK each duplicate ACK stands for a segment that has left it. */
    static int pipe(Connection c) {
        SentSegments sent = c.sent;
        if (sent == null) {
            return 0;
        }
        return c.sackOk ? sent.pipe() : Math.max(0, sent.pipe() - c.loss.dupAcks * c.sndMss);
    }
}
