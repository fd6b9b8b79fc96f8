package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import org.jspecify.annotations.Nullable;

/** What the layers below report of the way to a peer: ICMP errors (RFC 9293 section 3.9.2.2, RFC 5927), neighbours that answer or do not. One object a stack. */
final class NetworkReports {

    private final Tcp tcp;

    NetworkReports(Tcp tcp) {
        this.tcp = tcp;
    }

    /**
     * A router, or the peer's host, reports an error about a segment.
     *
     * @param c the connection that it was of; null if there is none
     */
    void icmpError(@Nullable Connection c, SegmentInput.IcmpError error, int mtu, int seq) {
        // RFC 5927 section 4.1: only what quotes a segment in flight is believed.
        if (c == null || c.flight() == 0 || !Seq.inWindow(seq, c.sndUna, c.flight())) {
            tcp.counters.add(Counter.ICMP_IGNORED);
            return;
        }
        CloseReason reason = switch (error) {
            case PACKET_TOO_BIG -> {
                SegmentSize.onPacketTooBig(c, mtu);
                yield null;
            }
            case NETWORK_UNREACHABLE -> CloseReason.NETWORK_UNREACHABLE;
            case HOST_UNREACHABLE, SOURCE_ROUTE_FAILED, PROHIBITED, TIME_EXCEEDED, PARAMETER_PROBLEM ->
                CloseReason.HOST_UNREACHABLE;
            case PROTOCOL_UNREACHABLE -> CloseReason.PROTOCOL_UNREACHABLE;
            case PORT_UNREACHABLE -> CloseReason.REFUSED;
        };
        if (reason == null) {
            return;
        }
        // RFC 9293 section 3.9.2.2, SHLD-26: hard errors abort; RFC 5927 section 5.2: but only before the connection is
        // synchronized.
        boolean hard = error == SegmentInput.IcmpError.PROTOCOL_UNREACHABLE
                || error == SegmentInput.IcmpError.PORT_UNREACHABLE;
        if (tcp.settings.personality() == Personality.BSD && (hard || error == SegmentInput.IcmpError.PROHIBITED)) {
            hard = true;
            reason = CloseReason.REFUSED;
        }
        if (hard && !c.state.isSynchronized()) {
            tcp.counters.add(Counter.TCP_CONNECT_FAILED);
            tcp.end(c, reason);
        } else {
            c.ownSeldom().softError = reason;
        }
    }

    /** The neighbour's address is known: those that wait for it go on. */
    void pathReady(Path path) {
        for (Connection c = path.waiting.poll(); c != null; c = path.waiting.poll()) {
            tcp.ready.add(c);
        }
    }

    /** The neighbour does not answer. */
    void pathFailed(Path path) {
        for (Connection c = path.waiting.poll(); c != null; c = path.waiting.poll()) {
            if (c.state == State.SYN_SENT) {
                tcp.counters.add(Counter.TCP_CONNECT_FAILED);
                tcp.end(c, CloseReason.HOST_UNREACHABLE);
            } else if (c.state != State.CLOSED) {
                c.ownSeldom().softError = CloseReason.HOST_UNREACHABLE;
                c.ackNow = false; // as if it had been lost on the way
                c.probeDue = false;
                tcp.timers.retryLater(c);
            }
            tcp.recycleIfDone(c);
        }
    }
}
