package dev.jmtcp.core.tcp;

/** What selective acknowledgements (RFC 2018) do to the records of {@link SentSegments}. Belongs to the connection's thread. */
final class SelectiveAcks {

    /** How many separate ranges may be selectively acknowledged; more are not recorded. */
    static final int MAX_RANGES = 1024;

    /**
     * How many records selective acknowledgements may add by splitting, so that odd ones cannot take memory and time without bound. Beyond, a record
     * that is acknowledged in part counts as not acknowledged.
     */
    private static final int MAX_SPLITS = 1024;

    private SelectiveAcks() {}

    /**
     * A block was selectively acknowledged, from {@code start} up to {@code end}. One that is empty or reaches beyond what was sent is ignored, and so
     * is the part of one below what is acknowledged.
     *
     * @return the bytes newly acknowledged
     */
    static int take(SentSegments sent, int start, int end) {
        if (!Seq.lessThan(start, end) || Seq.greaterThan(end, sent.nxt()) || Seq.lessOrEqual(end, sent.una())) {
            return 0;
        }
        int bytes = 0;
        long at = sent.positionOf(Seq.max(start, sent.una()));
        long last = sent.positionOf(end);
        while (at < last) {
            at = sent.sacked.contiguousEnd(at);
            if (at < last) {
                long gapEnd = Math.min(last, sent.sacked.nextStart(at));
                bytes += fillGap(sent, sent.seqAt(at), sent.seqAt(gapEnd));
                at = gapEnd;
            }
        }
        return bytes;
    }

    /** Marks what lies between two selectively acknowledged ranges, or the part of it that whole records cover. */
    private static int fillGap(SentSegments sent, int from, int to) {
        int start = from;
        int end = to;
        int first = sent.indexOf(start);
        if (sent.start(first) != start) {
            if (sent.splits < MAX_SPLITS) {
                split(sent, first, start);
            } else {
                start = sent.end(first);
            }
            first++;
        }
        int last = sent.indexOf(end - 1);
        if (sent.end(last) != end) {
            if (sent.splits < MAX_SPLITS) {
                split(sent, last, end);
            } else {
                end = sent.start(last);
                last--;
            }
        }
        sent.sackUsed = true;
        if (!Seq.lessThan(start, end) || !sent.sacked.add(sent.positionOf(start), sent.positionOf(end))) {
            return 0;
        }
        SegmentRing ring = sent.ring;
        Rack rack = sent.rack();
        for (int i = first; i <= last; i++) {
            int flags = ring.flags(i);
            rack.sacked(ring.time(i), ring.end(i), (flags & SentSegments.RESENT) != 0);
            sent.change(i, flags & ~(SentSegments.LOST | SentSegments.RETRANSMITTED) | SentSegments.SACKED);
        }
        sent.sackedSegments += last - first + 1;
        return end - start;
    }

    private static void split(SentSegments sent, int i, int seq) {
        sent.split(i, seq);
        sent.ring.setFlags(i + 1, sent.ring.flags(i + 1) | SentSegments.SPLIT);
        sent.splits++;
    }

    /** Takes back all selective acknowledgements: the receiver may have dropped what it had (RFC 2018 section 8). */
    static void forget(SentSegments sent) {
        SegmentRing ring = sent.ring;
        for (int i = 0; i < ring.count(); i++) {
            ring.setFlags(i, ring.flags(i) & ~SentSegments.SACKED);
        }
        sent.sacked.clear();
        sent.sackedBytes = 0;
        sent.sackedSegments = 0;
        sent.lossEdge = ring.una();
    }
}
