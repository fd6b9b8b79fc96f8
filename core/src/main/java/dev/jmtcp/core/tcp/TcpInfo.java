package dev.jmtcp.core.tcp;

/**
 * A snapshot of a connection, the counterpart of Linux's TCP_INFO. Times in nanoseconds, sizes in bytes.
 *
 * @param recovery {@code OPEN}, {@code FAST} or {@code TIMEOUT}
 * @param unacknowledged bytes handed over and not acknowledged
 * @param announcedMss the largest segment that this side takes; 0 where there is no way to the peer
 * @param outstanding bytes and FIN sent and not acknowledged
 * @param inFlight bytes sent and neither acknowledged nor believed lost
 * @param retransmits consecutive timeouts of the oldest segment
 * @param totalRetransmits segments sent again so far
 */
public record TcpInfo(
        State state,
        String recovery,
        String congestionControl,
        boolean sack,
        boolean timestamps,
        boolean windowScaling,
        boolean ecn,
        int sendWindowShift,
        int receiveWindowShift,
        long rto,
        long smoothedRtt,
        long rttVariation,
        long minRtt,
        int sendMss,
        int receiveMss,
        int announcedMss,
        int pathMtu,
        int congestionWindow,
        int slowStartThreshold,
        int sendWindow,
        int receiveWindow,
        int unacknowledged,
        int outstanding,
        int inFlight,
        int sackedBytes,
        int lostBytes,
        int retransmits,
        int totalRetransmits,
        long bytesAcknowledged,
        long bytesReceived) {

    static TcpInfo of(Connection c) {
        SentSegments sent = c.sent;
        return new TcpInfo(
                c.state,
                c.loss.recovery.name(),
                c.congestion.name(),
                c.sackOk,
                c.timestampsOk,
                c.scalingOk,
                c.ecn != 0 && c.state.isSynchronized(),
                c.sndWindShift,
                c.rcvWindShift,
                c.rtt.rto(),
                c.rtt.smoothedRtt(),
                c.rtt.variation(),
                c.rtt.minRtt(),
                c.sndMss,
                c.rcvMss,
                c.path == null ? 0 : Handshake.announcedMss(c.options, c.path),
                c.pathMtu,
                c.congestion.cwnd(),
                c.congestion.ssthresh(),
                c.sndWnd,
                Seq.distance(c.rcvAdv, c.rcvNxt),
                c.unacknowledged(),
                c.flight(),
                sent == null ? 0 : sent.pipe(),
                sent == null ? 0 : sent.sackedBytes(),
                sent == null ? 0 : sent.lostBytes(),
                c.retransmits,
                c.loss.totalRetransmits,
                c.sndUnaPosition,
                c.rcvPosition);
    }
}
