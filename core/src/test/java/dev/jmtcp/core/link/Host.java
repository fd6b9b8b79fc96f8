package dev.jmtcp.core.link;

import static dev.jmtcp.core.link.Packets.mac;

import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.ip.Ipv4Config;
import dev.jmtcp.core.ip.Ipv4Layer;
import dev.jmtcp.core.ip.Prefix;
import dev.jmtcp.core.ip.ReassemblyLimits;
import dev.jmtcp.core.ip.Route;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.tcp.LocalPorts;
import dev.jmtcp.core.tcp.Path;
import dev.jmtcp.core.tcp.SegmentInput;
import dev.jmtcp.core.timer.TimerWheel;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.core.wire.Arp;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Link and IP layer of one core in virtual time: frames in by {@link #receive}, frames out by {@link #sent}, what TCP hears by
 * {@link #heard}. Port 0 has 10.0.0.1/24 and 02:…:01, port 1 has 192.168.1.1/24 and 192.168.2.1/24 and 02:…:11; the default gateway is
 * 10.0.0.254.
 */
public final class Host {

    public static final String US = "10.0.0.1";
    public static final String PEER = "10.0.0.2";
    public static final String GATEWAY = "10.0.0.254";
    public static final long OUR_MAC = mac(0x01);
    public static final long PEER_MAC = mac(0x02);

    /** What a host is made with; change and {@link #build}. */
    public static final class Builder {
        private int mtu = 1500;
        private Capabilities capabilities = Capabilities.NONE;
        private NeighbourConfig neighbours = new NeighbourConfig(List.of());
        private LocalPorts own = LocalPorts.ANY;
        private ReassemblyLimits reassembly = ReassemblyLimits.DEFAULT;
        private @Nullable FakeQueue queue;
        private final List<Route> routes = new ArrayList<>(List.of(new Route(Prefix.ALL, Packets.ip(GATEWAY), 0)));

        public Builder mtu(int mtu) {
            this.mtu = mtu;
            return this;
        }

        public Builder capabilities(Capabilities capabilities) {
            this.capabilities = capabilities;
            return this;
        }

        public Builder neighbours(NeighbourConfig neighbours) {
            this.neighbours = neighbours;
            return this;
        }

        public Builder reassembly(ReassemblyLimits reassembly) {
            this.reassembly = reassembly;
            return this;
        }

        /** With other cores: which connections are this core's. */
        public Builder own(LocalPorts own) {
            this.own = own;
            return this;
        }

        public Builder route(String destination, int length, String gateway, int port) {
            routes.add(new Route(
                    new Prefix(Packets.ip(destination), length), gateway.isEmpty() ? 0 : Packets.ip(gateway), port));
            return this;
        }

        /** A ring that another host has used. */
        public Builder queue(FakeQueue queue) {
            this.queue = queue;
            return this;
        }

        public Host build() {
            return new Host(this);
        }
    }

    private final MemorySegment received = Arena.ofAuto().allocate(1 << 17);
    private final FrameBurst burst = new FrameBurst(64);
    private final List<String> heard = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private final List<byte[]> passedOn = new ArrayList<>();
    private final Map<Counter, Long> counted = new TreeMap<>();
    private long now = -5_000_000_000L; // a clock's zero may be anywhere

    private final List<InterfaceConfig> interfaces;

    public final FakeQueue queue;
    public final Counters counters = new Counters();
    public final TimerWheel timers = new TimerWheel(now);
    public final Link link;
    public final Ipv4Layer ip;

    /** The payload of the segment TCP heard of last. */
    public byte[] segment = {};

    private Host(Builder builder) {
        queue = builder.queue != null
                ? builder.queue
                : new FakeQueue(2, Math.max(builder.mtu, builder.capabilities.maxTsoFrame()));
        interfaces = List.of(
                new InterfaceConfig(
                        0,
                        new MacAddress(OUR_MAC),
                        builder.mtu,
                        builder.capabilities,
                        List.of(new Prefix(Packets.ip(US), 24))),
                new InterfaceConfig(
                        1,
                        new MacAddress(mac(0x11)),
                        builder.mtu,
                        Capabilities.NONE,
                        List.of(new Prefix(Packets.ip("192.168.1.1"), 24), new Prefix(Packets.ip("192.168.2.1"), 24))));
        link = new Link(queue, interfaces, builder.neighbours, timers, counters);
        ip = new Ipv4Layer(
                new Ipv4Config(interfaces, builder.routes, builder.reassembly, 1000, 50),
                link,
                timers,
                new Random(1),
                counters);
        ip.start(new Ear(), builder.own);
        link.start(
                ip,
                (port, memory, offset, length) ->
                        passedOn.add(memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)));
        link.begin(now);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A host that knows its peer and its gateway. */
    public static Host acquainted() {
        return builder().build().acquaint();
    }

    /** Lets the host learn of its peer and its gateway. */
    public Host acquaint() {
        introduce(PEER, PEER_MAC);
        introduce(GATEWAY, mac(0xfe));
        return this;
    }

    /** Lets the host learn of a neighbour on port 0, by a request. */
    public void introduce(String address, long mac) {
        receive(Packets.arp(OUR_MAC, Arp.REQUEST, mac, address, 0, US));
        sent();
        news();
        passedOn();
    }

    public InterfaceConfig config(int port) {
        return interfaces.get(port);
    }

    public long now() {
        return now;
    }

    public void receive(byte[] frame) {
        receive(0, frame, 0);
    }

    public void receive(int port, byte[] frame, int flags) {
        // At an odd place, and with nothing behind that could hide a read beyond the end.
        long at = received.byteSize() - frame.length - (frame.length & 1) - 3;
        MemorySegment.copy(frame, 0, received, ValueLayout.JAVA_BYTE, at, frame.length);
        burst.begin(received.asSlice(0, at + frame.length));
        burst.add(at, frame.length, flags, 0);
        link.receive(port, burst, now);
    }

    /** An IP packet from the peer, in a frame to us. */
    public void receivePacket(byte[] packet) {
        receive(Packets.ethernet(OUR_MAC, PEER_MAC, Ethernet.TYPE_IPV4, packet));
    }

    public void receivePacket(byte[] packet, int flags) {
        receive(0, Packets.ethernet(OUR_MAC, PEER_MAC, Ethernet.TYPE_IPV4, packet), flags);
    }

    /** The frames that were passed on to other cores since the last call. */
    public List<byte[]> passedOn() {
        List<byte[]> result = List.copyOf(passedOn);
        passedOn.clear();
        return result;
    }

    /** A frame that another core has passed on. */
    public void receivePassedOn(byte[] frame) {
        MemorySegment.copy(frame, 0, received, ValueLayout.JAVA_BYTE, 3, frame.length);
        link.receivePassedOn(0, received.asSlice(0, 3L + frame.length), 3, frame.length, now);
    }

    /** Lets time pass, firing timers when they are due. */
    public void advance(Duration time) {
        long end = now + time.toNanos();
        while (timers.nextDeadline() <= end) {
            now = Math.max(now, timers.nextDeadline());
            link.begin(now);
            timers.advance(now);
        }
        now = end;
        link.begin(now);
        timers.advance(now);
    }

    /** What was sent since the last call, in words. */
    public List<String> sent() {
        return queue.take().stream().map(Object::toString).toList();
    }

    /** What TCP was told to expect since the last call. */
    public List<String> expected() {
        List<String> result = List.copyOf(expected);
        expected.clear();
        return result;
    }

    /** What TCP heard since the last call. */
    public List<String> heard() {
        List<String> result = List.copyOf(heard);
        heard.clear();
        return result;
    }

    /** The counters that have changed since the last call, and by how much, those of frames left out. */
    public Map<Counter, Long> news() {
        Map<Counter, Long> result = new TreeMap<>();
        for (Counter counter : Counter.values()) {
            long value = counters.value(counter);
            long before = counted.getOrDefault(counter, 0L);
            counted.put(counter, value);
            switch (counter) {
                case RX_FRAMES, RX_BYTES, TX_FRAMES, TX_BYTES -> {}
                default -> {
                    if (value != before) {
                        result.put(counter, value - before);
                    }
                }
            }
        }
        return result;
    }

    /** The path to an address, which must exist. */
    public Path path(String address) {
        Path path = ip.path(0, Address.ofIpv4(Packets.ip(address)));
        if (path == null) {
            throw new AssertionError("no route to " + address);
        }
        return path;
    }

    /** Sends a segment of so many payload bytes; returns what {@code reserve} said if that was an error, else 0. */
    public long send(Path path, String remote, int payload, int segmentSize) {
        int length = TcpHeader.MIN_LENGTH + payload;
        long at = ip.reserve(path, length);
        if (at < 0) {
            return at;
        }
        MemorySegment memory = ip.memory(path);
        TcpHeader.write(memory, at, 80, 4000, 1, 2, TcpHeader.MIN_LENGTH, TcpHeader.ACK, 100);
        MemorySegment.copy(
                Packets.bytes(payload), 0, memory, ValueLayout.JAVA_BYTE, at + TcpHeader.MIN_LENGTH, payload);
        ip.commit(
                path,
                ip.sourceHigh(path),
                ip.sourceLow(path),
                0,
                Address.ofIpv4(Packets.ip(remote)),
                length,
                0,
                64,
                segmentSize);
        return 0;
    }

    public long send(Path path, String remote) {
        return send(path, remote, 10, 0);
    }

    private final class Ear implements SegmentInput {

        @Override
        public boolean looksAhead() {
            return true;
        }

        @Override
        public void expect(
                long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
            expected.add(name(remoteHigh, remoteLow) + ":" + remotePort + " > " + name(localHigh, localLow) + ":"
                    + localPort);
        }

        @Override
        public void segment(
                MemorySegment memory,
                long offset,
                int length,
                long sourceHigh,
                long sourceLow,
                long destinationHigh,
                long destinationLow,
                int trafficClass,
                long now) {
            segment = memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
            heard.add(name(sourceHigh, sourceLow) + " > " + name(destinationHigh, destinationLow) + " segment of "
                    + length + " bytes" + (trafficClass == 0 ? "" : ", class " + trafficClass));
        }

        @Override
        public void icmpError(
                IcmpError error,
                int mtu,
                long localHigh,
                long localLow,
                int localPort,
                long remoteHigh,
                long remoteLow,
                int remotePort,
                int seq,
                long now) {
            heard.add(error + (mtu == 0 ? "" : " " + mtu) + " " + name(localHigh, localLow) + ":" + localPort + " > "
                    + name(remoteHigh, remoteLow) + ":" + remotePort + " seq " + seq);
        }

        @Override
        public void pathReady(Path path, long now) {
            heard.add("ready " + ((Neighbour) path));
        }

        @Override
        public void pathFailed(Path path, long now) {
            heard.add("failed " + ((Neighbour) path));
        }

        private String name(long high, long low) {
            return Address.toString(high, low);
        }
    }
}
