package dev.jmtcp.core.link;

import static dev.jmtcp.core.link.Host.OUR_MAC;
import static dev.jmtcp.core.link.Host.PEER;
import static dev.jmtcp.core.link.Host.PEER_MAC;
import static dev.jmtcp.core.link.Host.US;
import static dev.jmtcp.core.link.Packets.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.Allocation;
import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.ip.Ipv4Config;
import dev.jmtcp.core.ip.Ipv4Layer;
import dev.jmtcp.core.ip.Prefix;
import dev.jmtcp.core.ip.Route;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.tcp.Path;
import dev.jmtcp.core.tcp.SegmentInput;
import dev.jmtcp.core.timer.TimerWheel;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.core.wire.Arp;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Once neighbours are known and the code is warm, packets cost no allocation. */
class NoAllocationTest {

    private static final int BURST = 50;
    private static final int FRAME = 2048;

    private final MemorySegment memory = Arena.ofAuto().allocate(BURST * FRAME);
    private final FrameBurst burst = new FrameBurst(BURST);
    private final FakeQueue queue = new FakeQueue(1, 1500);
    private final Counters counters = new Counters();
    private final TimerWheel timers = new TimerWheel(0);
    private final Link link;
    private final Ipv4Layer ip;
    private long now;
    private long segments;

    NoAllocationTest() {
        InterfaceConfig port = new InterfaceConfig(
                0, new MacAddress(OUR_MAC), 1500, Capabilities.NONE, List.of(new Prefix(Packets.ip(US), 24)));
        link = new Link(queue, List.of(port), new NeighbourConfig(List.of()), timers, counters);
        List<Route> routes = List.of(new Route(Prefix.ALL, Packets.ip(PEER), 0));
        ip = new Ipv4Layer(new Ipv4Config(List.of(port), routes), link, timers, new Random(1), counters);
        ip.start(new Counting());
        link.start(ip);
        link.begin(0);
        queue.recording(false);
        fill(Packets.arp(OUR_MAC, Arp.REQUEST, PEER_MAC, PEER, 0, US));
        link.receive(0, burst, 0);
    }

    private void fill(byte[]... frames) {
        burst.begin(memory);
        for (int i = 0; i < BURST; i++) {
            byte[] frame = frames[i % frames.length];
            MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, (long) i * FRAME + 2, frame.length);
            burst.add((long) i * FRAME + 2, frame.length, 0, 0);
        }
    }

    private static byte[] packet(int protocol, int fragmentation, byte[] payload) {
        return Packets.ethernet(
                OUR_MAC, PEER_MAC, Ethernet.TYPE_IPV4, Packets.ipv4(PEER, US, protocol, 9, fragmentation, payload));
    }

    @Test
    void aMillionEchoRequests_allocateNothing() {
        byte[] request = packet(Ipv4.PROTOCOL_ICMP, 0, Packets.icmp(8, 0, 1, bytes(56)));
        fill(request);
        long before = counters.value(Counter.ICMP_ECHO_IN);
        int[] millions = {0};
        Allocation.assertNone(() -> {
            for (int i = 0; i < 1_000_000 / BURST; i++) {
                // The answer is made in place: the type and the checksum must be those of a request again.
                for (int j = 0; j < BURST; j++) {
                    MemorySegment.copy(request, 34, memory, ValueLayout.JAVA_BYTE, (long) j * FRAME + 2 + 34, 4);
                }
                turn();
            }
            millions[0]++;
        });
        assertThat(counters.value(Counter.ICMP_ECHO_IN) - before).isEqualTo(millions[0] * 1_000_000L);
    }

    @Test
    void segmentsIn_allocateNothing() {
        fill(packet(Ipv4.PROTOCOL_TCP, 0, Packets.tcp(PEER, US, 4000, 80, 1, bytes(1000))));

        Allocation.assertNone(() -> turns(2_000));

        assertThat(segments).isGreaterThan(BURST * 2_000L);
    }

    @Test
    void segmentsOutToManyRemotes_allocateNothing() {
        Allocation.assertNone(() -> {
            for (int i = 0; i < 100_000; i++) {
                long remote = Address.ofIpv4(0x0b00_0000 + i);
                Path path = ip.path(0, remote);
                long at = ip.reserve(path, 520);
                TcpHeader.write(ip.memory(path), at, 80, 4000, i, 2, 20, TcpHeader.ACK, 100);
                ip.commit(path, 0, ip.sourceLow(path), 0, remote, 520, 0, 64, 0);
                if (i % BURST == 0) {
                    queue.flush();
                }
            }
        });
        assertThat(link.neighbourCount()).isEqualTo(1);
    }

    @Test
    void fragmentsErrorsAndNonsense_allocateNothing() {
        byte[] whole = Packets.icmp(8, 0, 1, bytes(56));
        byte[] ours = Packets.ipv4(US, PEER, Ipv4.PROTOCOL_TCP, Packets.tcp(US, PEER, 80, 4000, 1, bytes(20)));
        fill(
                packet(Ipv4.PROTOCOL_ICMP, 4, Arrays.copyOfRange(whole, 32, 64)),
                packet(Ipv4.PROTOCOL_ICMP, Ipv4.MF, Arrays.copyOf(whole, 32)),
                packet(Ipv4.PROTOCOL_ICMP, 0, Packets.icmp(3, 1, 0, ours)),
                packet(Ipv4.PROTOCOL_UDP, 0, bytes(30)),
                packet(99, 0, bytes(30)),
                packet(Ipv4.PROTOCOL_TCP, 0, bytes(30)),
                Packets.arp(Ethernet.BROADCAST, Arp.REQUEST, PEER_MAC, PEER, 0, US),
                Packets.ethernet(Packets.mac(7), PEER_MAC, Ethernet.TYPE_IPV4, bytes(50)));

        Allocation.assertNone(() -> turns(2_000));

        assertThat(counters.value(Counter.IP_REASSEMBLED)).isPositive();
        assertThat(counters.value(Counter.ICMP_ERRORS_OUT)).isPositive();
        assertThat(counters.value(Counter.ICMP_RATE_LIMITED)).isPositive();
        assertThat(counters.value(Counter.ICMP_ERRORS_IN)).isPositive();
    }

    private void turns(int count) {
        for (int i = 0; i < count; i++) {
            turn();
        }
    }

    private void turn() {
        now += 100_000;
        link.begin(now);
        link.receive(0, burst, now);
        timers.advance(now);
        queue.flush();
    }

    private final class Counting implements SegmentInput {

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
            segments++;
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
                long now) {}

        @Override
        public void pathReady(Path path, long now) {}

        @Override
        public void pathFailed(Path path, long now) {}
    }
}
