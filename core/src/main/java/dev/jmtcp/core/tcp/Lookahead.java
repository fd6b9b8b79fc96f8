package dev.jmtcp.core.tcp;

import org.jspecify.annotations.Nullable;

/**
 * Brings what the segments of a burst concern into the processor's caches, before they are processed one by one. Of many connections hardly anything is in
 * the caches: processing waits for memory at nearly each thing it looks at. The reads here do not depend on each other, so that the processor waits for many
 * of them at a time; what leads from one thing to the next is done in rounds over all of the burst. Changes nothing and decides nothing. Belongs to the
 * stack's thread; allocates nothing.
 */
final class Lookahead {

    /** With fewer connections most of what they need is in the caches anyway. */
    private static final int WORTHWHILE = 2048;

    /** The most segments that are looked at in a burst. */
    private static final int MOST = 64;

    private final FlowTable flows;
    private final int[] hashes = new int[MOST];
    private final @Nullable Connection[] found = new Connection[MOST];
    private int count;

    /** The sum of what was read, so that the compiler cannot leave the reads out. */
    long read;

    Lookahead(FlowTable flows) {
        this.flows = flows;
    }

    boolean isWorthwhile() {
        return flows.size() >= WORTHWHILE;
    }

    /** Notes a segment. */
    void expect(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        if (count < MOST) {
            hashes[count++] = flows.hash(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
        }
    }

    /** Reads what processing the segments noted is going to read, and forgets them. */
    void look() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += flows.readAt(hashes[i]);
        }
        int connections = 0;
        for (int i = 0; i < count; i++) {
            Flow flow = flows.candidate(hashes[i]);
            if (flow instanceof Connection c) {
                found[connections++] = c;
                sum += c.readAhead();
            }
        }
        for (int i = 0; i < connections; i++) {
            Connection c = found[i];
            sum += c == null ? 0 : c.readPartsAhead();
        }
        for (int i = 0; i < connections; i++) {
            Connection c = found[i];
            SentSegments sent = c == null ? null : c.sent;
            sum += sent == null ? 0 : sent.readPartsAhead();
            found[i] = null;
        }
        count = 0;
        read = sum;
    }
}
