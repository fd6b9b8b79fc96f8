package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;

/** Segments that answer at once, outside the flow of data: resets and challenge ACKs. If there is no room for one it is not sent. */
final class Replies {

    private static final long SECOND = 1_000_000_000;

    private final Tcp tcp;
    private long challengeWindow = Long.MIN_VALUE;
    private int challengesLeft;

    Replies(Tcp tcp) {
        this.tcp = tcp;
    }

    /** Answers a segment for which there is no connection with a RST (RFC 9293 section 3.5.2, group 1, and 3.10.7.1). */
    void reset(Segment s) {
        if (s.has(TcpHeader.RST)) {
            return;
        }
        Path path = tcp.network.path(s.sourceHigh, s.sourceLow);
        if (path == null) {
            tcp.counters.add(Counter.IP_NO_ROUTE);
            return;
        }
        int seq = 0;
        int ack = 0;
        int flags = TcpHeader.RST;
        if (s.has(TcpHeader.ACK)) {
            seq = s.ack;
        } else {
            ack = s.seq + s.sequenceLength();
            flags |= TcpHeader.ACK;
        }
        long at = tcp.network.reserve(path, TcpHeader.MIN_LENGTH);
        if (at < 0) {
            tcp.counters.add(Counter.TX_RING_FULL);
            return;
        }
        int localPort = s.destinationPort;
        int remotePort = s.sourcePort;
        TcpHeader.write(tcp.network.memory(path), at, localPort, remotePort, seq, ack, TcpHeader.MIN_LENGTH, flags, 0);
        tcp.network.commit(
                path,
                s.destinationHigh,
                s.destinationLow,
                s.sourceHigh,
                s.sourceLow,
                TcpHeader.MIN_LENGTH,
                0,
                tcp.settings.hopLimit(),
                0);
        tcp.counters.add(Counter.TCP_SEGMENTS_OUT);
        tcp.counters.add(Counter.TCP_RESET_OUT);
    }

    /** Tells the peer of a connection that it is over (RFC 9293 section 3.10.5). */
    void abort(Connection c) {
        Path path = c.path;
        if (path == null) {
            return;
        }
        long at = tcp.network.reserve(path, TcpHeader.MIN_LENGTH);
        if (at < 0) {
            tcp.counters.add(Counter.TX_RING_FULL);
            return;
        }
        TcpHeader.write(
                tcp.network.memory(path),
                at,
                c.localPort,
                c.remotePort,
                c.sndNxt,
                c.rcvNxt,
                TcpHeader.MIN_LENGTH,
                TcpHeader.RST | TcpHeader.ACK,
                0);
        tcp.network.commit(
                path,
                c.localHigh,
                c.localLow,
                c.remoteHigh,
                c.remoteLow,
                TcpHeader.MIN_LENGTH,
                c.options.trafficClass,
                c.options.hopLimit,
                0);
        tcp.counters.add(Counter.TCP_SEGMENTS_OUT);
        tcp.counters.add(Counter.TCP_RESET_OUT);
    }

    /** Makes a peer that sent something doubtful prove itself (RFC 5961 sections 3 to 5), at a limited rate (section 7). */
    void challenge(Connection c) {
        if (tcp.now - challengeWindow >= SECOND || challengeWindow == Long.MIN_VALUE) {
            challengeWindow = tcp.now;
            challengesLeft = tcp.settings.challengeAcksPerSecond();
        }
        if (challengesLeft > 0) {
            challengesLeft--;
            tcp.counters.add(Counter.TCP_CHALLENGE_ACKS);
            tcp.sender.acknowledge(c);
        }
    }
}
