package dev.jmtcp.core.ip;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.tcp.LocalPorts;
import dev.jmtcp.core.tcp.SegmentInput;
import dev.jmtcp.core.tcp.SegmentInput.IcmpError;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.core.wire.Checksum;
import dev.jmtcp.core.wire.Icmpv4;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.core.wire.TcpHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * ICMP (RFC 792, RFC 1122 section 3.2.2): answers echo requests, hands errors about TCP segments to TCP, and sends errors, of which it
 * limits the rate. Belongs to the stack's thread; allocates nothing once warm.
 */
final class Icmpv4Layer {

    /** The most bytes of an ICMP error's packet (RFC 1812 section 4.3.2.3). */
    private static final int MAX_ERROR_PACKET = 576;

    private static final int MAX_QUOTE = MAX_ERROR_PACKET - Ipv4.HEADER_LENGTH - Icmpv4.HEADER_LENGTH;

    /** The bytes after the quoted IP header that every error has (RFC 792): the ports and the sequence number. */
    private static final int MIN_QUOTED_PAYLOAD = 8;

    private final Ipv4Output output;
    private final TokenBucket errors;
    private final Counters counters;
    private final MemorySegment message = Arena.ofAuto().allocate(Icmpv4.HEADER_LENGTH + MAX_QUOTE);

    @SuppressWarnings("NullAway.Init") // by start(), before the first packet
    private SegmentInput tcp;

    private LocalPorts own = LocalPorts.ANY;

    /**
     * @param errors the limit of errors sent
     */
    Icmpv4Layer(Ipv4Output output, TokenBucket errors, Counters counters) {
        this.output = output;
        this.errors = errors;
        this.counters = counters;
    }

    void start(SegmentInput tcp, LocalPorts own) {
        this.tcp = tcp;
        this.own = own;
    }

    /**
     * Takes a packet to one of the stack's addresses; may rewrite it.
     *
     * @param header where its IP header begins; what follows has been checked to be there
     * @param now the time in nanoseconds
     * @return whether it is an error about a connection of another core
     */
    boolean receive(MemorySegment memory, long header, int headerLength, int totalLength, long now) {
        long at = header + headerLength;
        int length = totalLength - headerLength;
        if (length < Icmpv4.HEADER_LENGTH) {
            counters.add(Counter.ICMP_MALFORMED);
            return false;
        }
        if (Checksum.fold(Checksum.sum(memory, at, length)) != 0xffff) {
            counters.add(Counter.ICMP_BAD_CHECKSUM);
            return false;
        }
        return switch (Icmpv4.type(memory, at)) {
            case Icmpv4.ECHO_REQUEST -> {
                echo(memory, header, at, length);
                yield false;
            }
            case Icmpv4.DESTINATION_UNREACHABLE, Icmpv4.TIME_EXCEEDED, Icmpv4.PARAMETER_PROBLEM ->
                error(memory, Ipv4.destination(memory, header), at, length, now);
            // Source quench must be discarded (RFC 6633 section 3); a redirect would let anyone on the way turn our
            // traffic.
            default -> {
                counters.add(Counter.ICMP_IGNORED);
                yield false;
            }
        };
    }

    /** RFC 1122 section 3.2.2.6: from the address that was asked, with the same data and TOS. */
    private void echo(MemorySegment memory, long header, long at, int length) {
        int code = Icmpv4.code(memory, at);
        int checksum = Icmpv4.checksum(memory, at);
        Icmpv4.type(memory, at, Icmpv4.ECHO_REPLY);
        Icmpv4.checksum(
                memory, at, Checksum.update(checksum, Icmpv4.ECHO_REQUEST << 8 | code, Icmpv4.ECHO_REPLY << 8 | code));
        int asker = Ipv4.source(memory, header);
        int asked = Ipv4.destination(memory, header);
        int trafficClass = Ipv4.trafficClass(memory, header);
        if (output.send(asked, asker, trafficClass, Ipv4.PROTOCOL_ICMP, memory, at, length)) {
            counters.add(Counter.ICMP_ECHO_IN);
        }
    }

    private boolean error(MemorySegment memory, int destination, long at, int length, long now) {
        long quoted = at + Icmpv4.HEADER_LENGTH;
        int quotedLength = length - Icmpv4.HEADER_LENGTH;
        if (quotedLength < Ipv4.HEADER_LENGTH + MIN_QUOTED_PAYLOAD
                || Ipv4.version(memory, quoted) != 4
                || Ipv4.headerLength(memory, quoted) < Ipv4.HEADER_LENGTH
                || Ipv4.headerLength(memory, quoted) + MIN_QUOTED_PAYLOAD > quotedLength) {
            counters.add(Counter.ICMP_MALFORMED);
            return false;
        }
        int type = Icmpv4.type(memory, at);
        int code = Icmpv4.code(memory, at);
        int mtu = 0;
        if (type == Icmpv4.DESTINATION_UNREACHABLE && code == Icmpv4.FRAGMENTATION_NEEDED) {
            mtu = Icmpv4.nextHopMtu(memory, at);
            if (mtu != 0 && mtu < Ipv4.MIN_MTU) {
                // RFC 1191 section 3: no path has so small an MTU.
                counters.add(Counter.ICMP_MALFORMED);
                return false;
            }
        }
        IcmpError error = classify(type, code);
        if (error == null
                || Ipv4.protocol(memory, quoted) != Ipv4.PROTOCOL_TCP
                || Ipv4.fragmentOffset(Ipv4.fragmentation(memory, quoted)) != 0
                // Whoever sends it addresses it to the source of the segment in question, which is us.
                || Ipv4.source(memory, quoted) != destination) {
            counters.add(Counter.ICMP_IGNORED);
            return false;
        }
        long segment = quoted + Ipv4.headerLength(memory, quoted);
        long local = Address.ofIpv4(destination);
        int localPort = TcpHeader.sourcePort(memory, segment);
        long remote = Address.ofIpv4(Ipv4.destination(memory, quoted));
        int remotePort = TcpHeader.destinationPort(memory, segment);
        if (!own.arriveHere(0, local, localPort, 0, remote, remotePort)) {
            counters.add(Counter.IP_OTHER_CORE);
            return true;
        }
        counters.add(Counter.ICMP_ERRORS_IN);
        int seq = TcpHeader.seq(memory, segment);
        tcp.icmpError(error, mtu, 0, local, localPort, 0, remote, remotePort, seq, now);
        return false;
    }

    /** What an error means to TCP; null for codes that nobody has defined. */
    private static @Nullable IcmpError classify(int type, int code) {
        return switch (type) {
            case Icmpv4.TIME_EXCEEDED -> IcmpError.TIME_EXCEEDED;
            case Icmpv4.PARAMETER_PROBLEM -> IcmpError.PARAMETER_PROBLEM;
            default ->
                switch (code) {
                    case Icmpv4.NETWORK_UNREACHABLE,
                            Icmpv4.NETWORK_UNKNOWN,
                            Icmpv4.SOURCE_HOST_ISOLATED,
                            Icmpv4.NETWORK_UNREACHABLE_FOR_SERVICE -> IcmpError.NETWORK_UNREACHABLE;
                    case Icmpv4.HOST_UNREACHABLE, Icmpv4.HOST_UNKNOWN, Icmpv4.HOST_UNREACHABLE_FOR_SERVICE ->
                        IcmpError.HOST_UNREACHABLE;
                    case Icmpv4.PROTOCOL_UNREACHABLE -> IcmpError.PROTOCOL_UNREACHABLE;
                    case Icmpv4.PORT_UNREACHABLE -> IcmpError.PORT_UNREACHABLE;
                    case Icmpv4.FRAGMENTATION_NEEDED -> IcmpError.PACKET_TOO_BIG;
                    case Icmpv4.SOURCE_ROUTE_FAILED -> IcmpError.SOURCE_ROUTE_FAILED;
                    case Icmpv4.NETWORK_PROHIBITED,
                            Icmpv4.HOST_PROHIBITED,
                            Icmpv4.PROHIBITED,
                            Icmpv4.PRECEDENCE_VIOLATION,
                            Icmpv4.PRECEDENCE_CUTOFF -> IcmpError.PROHIBITED;
                    default -> null;
                };
        };
    }

    /** Tells the sender that a protocol, or for UDP a port, is not served here. */
    void unreachable(MemorySegment memory, long header, int headerLength, int totalLength, int code, long now) {
        sendError(Icmpv4.DESTINATION_UNREACHABLE, code, memory, header, headerLength, totalLength, now);
    }

    /**
     * Tells the sender that fragments of its datagram have not come.
     *
     * @param memory holds the fragment at offset 0, from its IP header at 0
     */
    void reassemblyTimedOut(MemorySegment memory, int headerLength, int totalLength, long now) {
        int code = Icmpv4.REASSEMBLY_TIME_EXCEEDED;
        sendError(Icmpv4.TIME_EXCEEDED, code, memory, 0, headerLength, totalLength, now);
    }

    /**
     * Sends an error about a packet that was addressed to this stack alone, is no fragment but the first and comes from a possible source: the
     * caller has seen to these conditions of RFC 1122 section 3.2.2. That it is no ICMP error itself is checked here.
     */
    private void sendError(
            int type, int code, MemorySegment memory, long header, int headerLength, int totalLength, long now) {
        if (Ipv4.protocol(memory, header) == Ipv4.PROTOCOL_ICMP
                && (totalLength == headerLength || Icmpv4.isError(Icmpv4.type(memory, header + headerLength)))) {
            return;
        }
        if (!errors.take(now)) {
            counters.add(Counter.ICMP_RATE_LIMITED);
            return;
        }
        int quote = Math.min(totalLength, MAX_QUOTE);
        int length = Icmpv4.HEADER_LENGTH + quote;
        Icmpv4.write(message, 0, type, code, 0);
        MemorySegment.copy(memory, header, message, Icmpv4.HEADER_LENGTH, quote);
        Icmpv4.checksum(message, 0, Checksum.finish(Checksum.sum(message, 0, length)));
        int source = Ipv4.destination(memory, header);
        int destination = Ipv4.source(memory, header);
        if (output.send(source, destination, 0, Ipv4.PROTOCOL_ICMP, message, 0, length)) {
            counters.add(Counter.ICMP_ERRORS_OUT);
        }
    }
}
