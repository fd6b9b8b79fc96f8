package dev.jmtcp.core.ip;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.tcp.LocalPorts;
import dev.jmtcp.core.tcp.Network;
import dev.jmtcp.core.tcp.Path;
import dev.jmtcp.core.tcp.SegmentInput;
import dev.jmtcp.core.timer.TimerWheel;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.core.wire.Checksum;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Icmpv4;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.RxFlags;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * IPv4 (RFC 791, RFC 1122 section 3): takes packets from the link, checks them and hands TCP segments to TCP; puts headers around TCP's
 * segments. Forwards nothing. Belongs to the stack's thread; allocates nothing once warm.
 */
public final class Ipv4Layer implements Network {

    /** A line of the processor's caches, in bytes. */
    private static final int LINE = 64;

    private final LocalAddresses local;
    private final LinkOutput link;
    private final Ipv4Output output;
    private final Icmpv4Layer icmp;
    private final Reassembly reassembly;
    private final Counters counters;

    /** Where the IP packet reserved last begins, by port. */
    private final long[] reserved;

    /** Whether the packet reserved last may have to wait for its neighbour: then it is finished here, without the device. */
    private boolean mayWait;

    /** The sum of what {@link #lookAhead} has read, so that the compiler cannot leave that out. */
    int read;

    @SuppressWarnings("NullAway.Init") // by start(), before the first packet
    private SegmentInput tcp;

    private LocalPorts own = LocalPorts.ANY;

    /**
     * @param random chooses identifications
     * @throws IllegalArgumentException if a route leads by a port without address, or by an impossible gateway
     */
    public Ipv4Layer(Ipv4Config config, LinkOutput link, TimerWheel timers, RandomGenerator random, Counters counters) {
        this.link = link;
        this.counters = counters;
        local = new LocalAddresses(config.interfaces());
        output = new Ipv4Output(new RoutingTable(config.interfaces(), config.routes()), link, random, counters);
        icmp = new Icmpv4Layer(
                output, new TokenBucket(config.icmpErrorsPerSecond(), config.icmpErrorBurst()), counters);
        int largestMtu = Ipv4.MIN_MTU;
        int largestPort = -1;
        for (InterfaceConfig each : config.interfaces()) {
            largestMtu = Math.max(largestMtu, each.mtu());
            largestPort = Math.max(largestPort, each.port());
        }
        reassembly = new Reassembly(config.reassembly(), largestMtu, timers, counters, icmp);
        reserved = new long[largestPort + 1];
    }

    /** Says who takes segments, all of them; to be called once, before anything is received. */
    public void start(SegmentInput tcp) {
        start(tcp, LocalPorts.ANY);
    }

    /**
     * Says who takes segments; to be called once, before anything is received.
     *
     * @param own which connections are this core's
     */
    public void start(SegmentInput tcp, LocalPorts own) {
        this.tcp = tcp;
        this.own = own;
        icmp.start(tcp, own);
    }

    /**
     * Takes a packet from the link.
     *
     * @param memory where it lies, to be read and written during this call only
     * @param offset where its IP header begins
     * @param length the bytes from there to the end of the frame
     * @param flags what the device says of it, see {@link RxFlags}
     * @param linkBroadcast whether the frame was sent to all
     * @param now the time in nanoseconds
     * @return whether it concerns the stacks of other cores too: {@link #receivePassedOn} there
     */
    public boolean receive(MemorySegment memory, long offset, int length, int flags, boolean linkBroadcast, long now) {
        if (!linkBroadcast && length >= Ipv4.HEADER_LENGTH && receivePlain(memory, offset, length, flags, now)) {
            return false;
        }
        return isAcceptable(memory, offset, length, flags, linkBroadcast) && accept(memory, offset, flags, false, now);
    }

    /** What nearly all packets are: a good one, with a TCP segment and nothing unusual; all its header in three reads. False if it is any other. */
    private boolean receivePlain(MemorySegment memory, long offset, int length, int flags, long now) {
        long first = Ipv4.first(memory, offset);
        long second = Ipv4.second(memory, offset);
        int totalLength = (int) (first >>> 32) & 0xffff;
        int source = (int) second;
        int destination = Ipv4.destination(memory, offset);
        boolean plain = Ipv4.isPlainTcp(first, second)
                && totalLength >= Ipv4.HEADER_LENGTH
                && totalLength <= length
                && ((flags & RxFlags.IP_CHECKSUM_GOOD) != 0
                        || (flags & RxFlags.IP_CHECKSUM_BAD) == 0 && Ipv4.isChecksumRight(first, second, destination))
                && local.isUnicast(source)
                && !local.isOwn(source)
                && local.isOwn(destination);
        if (plain) {
            int trafficClass = (int) (first >>> 48) & 0xff;
            segment(
                    memory,
                    offset + Ipv4.HEADER_LENGTH,
                    totalLength - Ipv4.HEADER_LENGTH,
                    source,
                    destination,
                    trafficClass,
                    flags,
                    now);
        }
        return plain;
    }

    /** Takes a packet that the stack of another core has received and passed on; see {@link #receive}. */
    public void receivePassedOn(MemorySegment memory, long offset, int length, long now) {
        if (isAcceptable(memory, offset, length, 0, false)) {
            accept(memory, offset, 0, true, now);
        }
    }

    /**
     * Looks at a burst before its packets are received one by one, where TCP has use for that.
     *
     * @param skip the bytes of a frame before its IP header
     */
    public void lookAhead(FrameBurst burst, int skip) {
        if (!tcp.looksAhead()) {
            return;
        }
        MemorySegment memory = burst.memory();
        int headers = skip + Ipv4.HEADER_LENGTH + TcpHeader.MIN_LENGTH;
        int sum = 0;
        for (int i = 0; i < burst.count(); i++) {
            if (burst.length(i) >= headers) {
                long last = burst.offset(i) + Math.min(burst.length(i), 2 * LINE) - 1;
                sum += memory.get(ValueLayout.JAVA_BYTE, burst.offset(i)) + memory.get(ValueLayout.JAVA_BYTE, last);
            }
        }
        read = sum;
        for (int i = 0; i < burst.count(); i++) {
            long offset = burst.offset(i) + skip;
            if (burst.length(i) >= headers
                    && Ipv4.headerLength(memory, offset) == Ipv4.HEADER_LENGTH
                    && Ipv4.protocol(memory, offset) == Ipv4.PROTOCOL_TCP) {
                long segment = offset + Ipv4.HEADER_LENGTH;
                tcp.expect(
                        0,
                        Address.ofIpv4(Ipv4.destination(memory, offset)),
                        TcpHeader.destinationPort(memory, segment),
                        0,
                        Address.ofIpv4(Ipv4.source(memory, offset)),
                        TcpHeader.sourcePort(memory, segment));
            }
        }
        tcp.lookAhead();
    }

    /** Whether a packet has a good header, a possible source and is for us; counts why not. */
    private boolean isAcceptable(MemorySegment memory, long offset, int length, int flags, boolean linkBroadcast) {
        if (length < Ipv4.HEADER_LENGTH || Ipv4.version(memory, offset) != 4) {
            counters.add(Counter.IP_MALFORMED);
            return false;
        }
        int headerLength = Ipv4.headerLength(memory, offset);
        int totalLength = Ipv4.totalLength(memory, offset);
        if (headerLength < Ipv4.HEADER_LENGTH || headerLength > totalLength || totalLength > length) {
            counters.add(Counter.IP_MALFORMED);
            return false;
        }
        if ((flags & RxFlags.IP_CHECKSUM_GOOD) == 0
                && ((flags & RxFlags.IP_CHECKSUM_BAD) != 0
                        || Checksum.fold(Checksum.sum(memory, offset, headerLength)) != 0xffff)) {
            counters.add(Counter.IP_BAD_CHECKSUM);
            return false;
        }
        int source = Ipv4.source(memory, offset);
        if (!local.isUnicast(source) || local.isOwn(source)) {
            counters.add(Counter.IP_BAD_SOURCE);
            return false;
        }
        int destination = Ipv4.destination(memory, offset);
        // RFC 1122 section 3.3.6: a packet sent to all on the link but to one address of ours is a mistake or an
        // attack.
        if (linkBroadcast || !local.isOwn(destination)) {
            // Echo requests to all need not be answered (RFC 1122 section 3.2.2.6), and to answer would serve
            // attackers.
            boolean toAll = Ipv4.protocol(memory, offset) == Ipv4.PROTOCOL_ICMP && local.isBroadcast(destination);
            counters.add(toAll ? Counter.ICMP_IGNORED : Counter.IP_NOT_FOR_US);
            return false;
        }
        return true;
    }

    /** Takes a packet whose header is good; whether it concerns other cores. */
    private boolean accept(MemorySegment memory, long offset, int flags, boolean passedOn, long now) {
        int headerLength = Ipv4.headerLength(memory, offset);
        int totalLength = Ipv4.totalLength(memory, offset);
        if (!Ipv4.isFragment(Ipv4.fragmentation(memory, offset))) {
            return deliver(memory, offset, headerLength, totalLength, flags, now);
        }
        int wholeLength = reassembly.add(memory, offset, headerLength, totalLength, passedOn, now);
        if (wholeLength > 0) {
            MemorySegment whole = reassembly.packet();
            if (Ipv4.protocol(whole, 0) == Ipv4.PROTOCOL_TCP && !isOwn(whole, wholeLength)) {
                counters.add(Counter.IP_OTHER_CORE);
            } else {
                deliver(whole, 0, Ipv4.headerLength(whole, 0), wholeLength, 0, now);
            }
        }
        return Ipv4.protocol(memory, offset) == Ipv4.PROTOCOL_TCP;
    }

    /** Whether a segment put together from fragments, which every core gets, belongs to this core. */
    private boolean isOwn(MemorySegment packet, int totalLength) {
        int segment = Ipv4.headerLength(packet, 0);
        return totalLength - segment < TcpHeader.MIN_LENGTH
                || own.arriveHere(
                        0,
                        Address.ofIpv4(Ipv4.destination(packet, 0)),
                        TcpHeader.destinationPort(packet, segment),
                        0,
                        Address.ofIpv4(Ipv4.source(packet, 0)),
                        TcpHeader.sourcePort(packet, segment));
    }

    /**
     * Takes a whole packet to us; options, if any, are not looked at (RFC 1122 section 3.2.1.8: all may be ignored). Whether it concerns
     * other cores.
     */
    private boolean deliver(MemorySegment memory, long offset, int headerLength, int totalLength, int flags, long now) {
        int protocol = Ipv4.protocol(memory, offset);
        switch (protocol) {
            case Ipv4.PROTOCOL_TCP ->
                segment(
                        memory,
                        offset + headerLength,
                        totalLength - headerLength,
                        Ipv4.source(memory, offset),
                        Ipv4.destination(memory, offset),
                        Ipv4.trafficClass(memory, offset),
                        flags,
                        now);
            case Ipv4.PROTOCOL_ICMP -> {
                return icmp.receive(memory, offset, headerLength, totalLength, now);
            }
            default -> {
                counters.add(Counter.IP_PROTOCOL_UNKNOWN);
                int code = protocol == Ipv4.PROTOCOL_UDP ? Icmpv4.PORT_UNREACHABLE : Icmpv4.PROTOCOL_UNREACHABLE;
                icmp.unreachable(memory, offset, headerLength, totalLength, code, now);
            }
        }
        return false;
    }

    private void segment(
            MemorySegment memory,
            long segment,
            int length,
            int source,
            int destination,
            int trafficClass,
            int flags,
            long now) {
        if (length < TcpHeader.MIN_LENGTH) {
            counters.add(Counter.TCP_MALFORMED);
            return;
        }
        if ((flags & RxFlags.TCP_CHECKSUM_GOOD) == 0
                && ((flags & RxFlags.TCP_CHECKSUM_BAD) != 0
                        || tcpSum(memory, segment, length, source, destination) != 0xffff)) {
            counters.add(Counter.TCP_BAD_CHECKSUM);
            return;
        }
        tcp.segment(
                memory, segment, length, 0, Address.ofIpv4(source), 0, Address.ofIpv4(destination), trafficClass, now);
    }

    private static int tcpSum(MemorySegment memory, long segment, int length, int source, int destination) {
        return Checksum.fold(Checksum.pseudoHeader(source, destination, Ipv4.PROTOCOL_TCP, length)
                + Checksum.sum(memory, segment, length));
    }

    /** From the link: a neighbour has answered. */
    public void neighbourReady(NextHop hop, long now) {
        tcp.pathReady(hop, now);
    }

    /** From the link: a neighbour does not answer. */
    public void neighbourFailed(NextHop hop, long now) {
        tcp.pathFailed(hop, now);
    }

    /** None for the stack's own addresses: it does not talk to itself. */
    @Override
    public @Nullable Path path(long remoteHigh, long remoteLow) {
        return isUnicast(remoteHigh, remoteLow) && !isLocal(remoteHigh, remoteLow)
                ? output.nextHop(Address.ipv4(remoteLow))
                : null;
    }

    @Override
    public long sourceHigh(Path path) {
        return 0;
    }

    @Override
    public long sourceLow(Path path) {
        return Address.ofIpv4(((NextHop) path).source());
    }

    @Override
    public boolean isLocal(long high, long low) {
        return Address.isIpv4(high, low) && local.isOwn(Address.ipv4(low));
    }

    @Override
    public boolean isUnicast(long high, long low) {
        return Address.isIpv4(high, low) && local.isUnicast(Address.ipv4(low));
    }

    @Override
    public MemorySegment memory(Path path) {
        return link.memory(path.port());
    }

    @Override
    public long reserve(Path path, int length) {
        long at = link.reserve((NextHop) path, Ipv4.HEADER_LENGTH + length);
        if (at < 0) {
            return at;
        }
        reserved[path.port()] = at;
        return at + Ipv4.HEADER_LENGTH;
    }

    @Override
    public long reserveQueued(Path path, int length) {
        long at = link.reserveQueued((NextHop) path, Ipv4.HEADER_LENGTH + length);
        if (at < 0) {
            return at;
        }
        reserved[path.port()] = at;
        mayWait = true;
        return at + Ipv4.HEADER_LENGTH;
    }

    @Override
    public void commit(
            Path path,
            long localHigh,
            long localLow,
            long remoteHigh,
            long remoteLow,
            int length,
            int trafficClass,
            int hopLimit,
            int segmentSize) {
        NextHop hop = (NextHop) path;
        MemorySegment memory = link.memory(hop.port());
        long packet = reserved[hop.port()];
        long segment = packet + Ipv4.HEADER_LENGTH;
        int source = Address.ipv4(localLow);
        int destination = Address.ipv4(remoteLow);
        int tcpHeaderLength = TcpHeader.headerLength(memory, segment);
        boolean segmented = segmentSize > 0 && length - tcpHeaderLength > segmentSize;
        long offload = TxOffload.NONE;
        if (segmented || hop.checksumOffload() && !mayWait) {
            TcpHeader.checksum(memory, segment, pseudoSum(source, destination, length));
            offload = TxOffload.of(
                    segmented ? TxOffload.TCP_SEGMENTATION : TxOffload.TCP_CHECKSUM,
                    Ethernet.HEADER_LENGTH,
                    Ipv4.HEADER_LENGTH,
                    tcpHeaderLength,
                    segmented ? segmentSize : 0);
        } else {
            long sum = Checksum.pseudoHeader(source, destination, Ipv4.PROTOCOL_TCP, length)
                    + Checksum.headerSum(memory, segment, tcpHeaderLength)
                    + Checksum.sum(memory, segment + tcpHeaderLength, length - tcpHeaderLength);
            TcpHeader.checksum(memory, segment, Checksum.finish(sum));
        }
        int totalLength = Ipv4.HEADER_LENGTH + length;
        // The header checksum is cheaper to make from registers than to have made, unless each segment needs its own.
        Ipv4.write(
                memory,
                packet,
                trafficClass,
                totalLength,
                Identification.ATOMIC,
                Ipv4.DF,
                hopLimit,
                Ipv4.PROTOCOL_TCP,
                source,
                destination,
                !segmented);
        mayWait = false;
        link.commit(hop, totalLength, offload);
    }

    private static int pseudoSum(int source, int destination, int length) {
        return Checksum.fold(Checksum.pseudoHeader(source, destination, Ipv4.PROTOCOL_TCP, length));
    }

    @Override
    public void doubt(Path path) {
        link.doubt((NextHop) path);
    }
}
