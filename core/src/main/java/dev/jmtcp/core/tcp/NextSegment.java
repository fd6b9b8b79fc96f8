package dev.jmtcp.core.tcp;

/** NextSeg of RFC 6675 section 4: which of {@link SentSegments} is to be sent again next; its rule (2), new data, is the matter of {@link Sender}. */
final class NextSegment {

    private NextSegment() {}

    /** Rule (1): the oldest segment that is lost and has not been sent again since; −1 if there is none. */
    static int lost(SentSegments sent) {
        if (sent.waitingBytes == 0) {
            return -1;
        }
        int i = sent.indexOf(sent.resendEdge);
        while ((sent.ring.flags(i) & (SentSegments.LOST | SentSegments.RETRANSMITTED)) != SentSegments.LOST) {
            i++;
        }
        sent.resendEdge = sent.start(i);
        return i;
    }

    /** Rule (3): the oldest segment below something selectively acknowledged that is neither that, nor lost, nor sent again; −1 if there is none. */
    static int doubtful(SentSegments sent) {
        int limit = sent.highestSacked();
        int seq = sent.firstUnproven();
        while (Seq.lessThan(seq, limit)) {
            int i = sent.indexOf(seq);
            if ((sent.ring.flags(i) & (SentSegments.LOST | SentSegments.RETRANSMITTED)) == 0) {
                return i;
            }
            seq = sent.unsackedFrom(sent.end(i));
        }
        return -1;
    }

    /** Rule (4): whether the last segment may go again although nothing says that it is lost, which it may once in a recovery. */
    static boolean mayRescue(SentSegments sent) {
        int flags = sent.ring.flags(sent.count() - 1);
        return !sent.rescued && (flags & (SentSegments.SACKED | SentSegments.RETRANSMITTED)) == 0;
    }
}
