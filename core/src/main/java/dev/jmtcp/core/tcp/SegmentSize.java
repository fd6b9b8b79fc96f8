package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.core.wire.TcpOptions;

/** How large the segments of a connection may be: Eff.snd.MSS (RFC 9293 section 3.7.1) and path MTU discovery (RFC 1191). */
final class SegmentSize {

    /** Paths narrower than this are not believed (RFC 5927 section 7.2); a link so narrow would have to fragment. */
    private static final int LEAST_MTU = 296;

    /** The MTUs to try where a router does not tell its own (RFC 1191 section 7.1). */
    private static final int[] PLATEAUS = {32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, 508, LEAST_MTU};

    private SegmentSize() {}

    /** Eff.snd.MSS (RFC 9293 section 3.7.1, MUST-16): what the peer takes and the path lets through, less the options of every segment. */
    static void update(Connection c) {
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
    static void onPacketTooBig(Connection c, int mtu) {
        int narrower = mtu == 0 ? plateauBelow(c.pathMtu) : Math.max(mtu, LEAST_MTU);
        if (narrower >= c.pathMtu) {
            c.tcp.counters.add(Counter.ICMP_IGNORED);
            return;
        }
        c.pathMtu = (char) narrower;
        update(c);
        SentSegments sent = c.sent;
        if (sent != null) {
            // Sent again at once in smaller pieces; no sign of congestion (RFC 1191 section 6.4).
            LossMarks.markAll(sent);
            c.ownLoss().forceRetransmit = true;
            c.tcp.ready.add(c);
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
