package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.core.wire.TcpOptions;
import java.lang.foreign.MemorySegment;

/**
 * Segments that answer at once, outside the flow of data: resets and challenge ACKs. A reset belongs to no connection that could send it again, so it
 * waits here for room in the transmit ring, and below for its neighbour's hardware address.
 */
final class Replies {

    private static final long SECOND = 1_000_000_000;

    /** The most resets that wait for room; a power of two. */
    static final int MOST_WAITING = 64;

    private final Tcp tcp;
    private final Reset[] waiting = new Reset[MOST_WAITING];
    private int first;
    private int count;
    private long challengeWindow = Long.MIN_VALUE;
    private int challengesLeft;

    Replies(Tcp tcp) {
        this.tcp = tcp;
        for (int i = 0; i < MOST_WAITING; i++) {
            waiting[i] = new Reset();
        }
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
        if (count == MOST_WAITING) {
            tcp.counters.add(Counter.TX_RING_FULL);
            return;
        }
        Reset reset = last();
        reset.path = path;
        reset.localHigh = s.destinationHigh;
        reset.localLow = s.destinationLow;
        reset.localPort = s.destinationPort;
        reset.remoteHigh = s.sourceHigh;
        reset.remoteLow = s.sourceLow;
        reset.remotePort = s.sourcePort;
        if (s.has(TcpHeader.ACK)) {
            reset.seq = s.ack;
            reset.ack = 0;
            reset.flags = TcpHeader.RST;
        } else {
            reset.seq = 0;
            reset.ack = s.seq + s.sequenceLength();
            reset.flags = TcpHeader.RST | TcpHeader.ACK;
        }
        reset.timestamps = false;
        reset.trafficClass = 0;
        reset.hopLimit = tcp.settings.hopLimit();
        flush();
    }

    /** Tells the peer of a connection that it is over (RFC 9293 section 3.10.5). */
    void abort(Connection c) {
        Path path = c.path;
        if (path == null) {
            return;
        }
        if (count == MOST_WAITING) {
            tcp.counters.add(Counter.TX_RING_FULL);
            return;
        }
        Reset reset = last();
        reset.path = path;
        reset.localHigh = c.localHigh;
        reset.localLow = c.localLow;
        reset.localPort = c.localPort;
        reset.remoteHigh = c.remoteHigh;
        reset.remoteLow = c.remoteLow;
        reset.remotePort = c.remotePort;
        reset.seq = c.sndNxt;
        reset.ack = c.rcvNxt;
        reset.flags = TcpHeader.RST | TcpHeader.ACK;
        reset.timestamps = c.timestampsOk; // RFC 7323 section 3.2: SHOULD
        reset.tsOffset = c.tsOffset;
        reset.tsEcr = c.tsRecent;
        reset.trafficClass = c.options.trafficClass;
        reset.hopLimit = c.options.hopLimit;
        flush();
    }

    /** One more at the end. */
    private Reset last() {
        return waiting[first + count++ & MOST_WAITING - 1];
    }

    /** Whether resets wait for room. */
    boolean areWaiting() {
        return count > 0;
    }

    /** Sends the resets that wait; false if there is no room for all of them. */
    boolean flush() {
        while (count > 0) {
            Reset reset = waiting[first];
            Path path = reset.path;
            if (path != null && !send(reset, path)) {
                return false;
            }
            reset.path = null;
            first = first + 1 & MOST_WAITING - 1;
            count--;
        }
        return true;
    }

    private boolean send(Reset reset, Path path) {
        Network network = tcp.network;
        int length = TcpHeader.MIN_LENGTH + (reset.timestamps ? TcpOptions.TIMESTAMPS_LENGTH : 0);
        long at = network.reserveQueued(path, length);
        if (at < 0) {
            return false;
        }
        MemorySegment memory = network.memory(path);
        TcpHeader.write(memory, at, reset.localPort, reset.remotePort, reset.seq, reset.ack, length, reset.flags, 0);
        if (reset.timestamps) {
            int tsVal = Timestamps.value(reset.tsOffset, tcp.now);
            TcpOptions.writeTimestamps(memory, at + TcpHeader.MIN_LENGTH, tsVal, reset.tsEcr);
        }
        network.commit(
                path,
                reset.localHigh,
                reset.localLow,
                reset.remoteHigh,
                reset.remoteLow,
                length,
                reset.trafficClass,
                reset.hopLimit,
                0);
        tcp.counters.add(Counter.TCP_SEGMENTS_OUT);
        tcp.counters.add(Counter.TCP_RESET_OUT);
        return true;
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
