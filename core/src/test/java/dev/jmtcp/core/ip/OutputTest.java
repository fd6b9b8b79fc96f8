package dev.jmtcp.core.ip;

import static dev.jmtcp.core.link.Host.PEER;
import static dev.jmtcp.core.link.Host.US;
import static dev.jmtcp.core.link.Packets.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.link.FakeQueue.Sent;
import dev.jmtcp.core.link.Host;
import dev.jmtcp.core.link.Packets;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.tcp.Network;
import dev.jmtcp.core.tcp.Path;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.testsupport.Requirement;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Segments on their way out. */
class OutputTest {

    private static final int TSO_FRAME = 32_768;

    private static Host withOffloads(int maxTsoFrame, Offload... offloads) {
        return Host.builder()
                .capabilities(new Capabilities(Set.of(offloads), 1, maxTsoFrame, Optional.empty()))
                .build()
                .acquaint();
    }

    @Test
    @Requirement("MUST-2")
    void segment_inSoftware_hasChecksumAndHeaders() {
        Host host = Host.acquainted();

        for (int length : new int[] {0, 1, 2, 1459, 1460}) {
            assertThat(host.send(host.path(PEER), PEER, length, 0)).isZero();
            Sent sent = host.queue.take().getFirst();
            assertThat(sent).asString().isEqualTo("to 00:00:02: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 %d bytes", length);
            byte[] segment = Packets.payload(sent.frame());
            assertThat(Arrays.copyOfRange(segment, 20, segment.length)).isEqualTo(bytes(length));
        }
    }

    @Test
    @Requirement("SHLD-22")
    @Requirement("MAY-4")
    void segment_header_isThatOfAnAtomicDatagram() {
        Host host = Host.acquainted();
        Path path = host.path(PEER);
        long at = host.ip.reserve(path, 20);
        TcpHeader.write(host.ip.memory(path), at, 1, 2, 3, 4, 20, 0, 0);
        host.ip.commit(path, 0, ipv4("192.168.1.1"), 0, ipv4(PEER), 20, 0xb9, 7, 0);

        MemorySegment packet = Packets.packet(host.queue.take().getFirst().frame());
        assertThat(Ipv4.fragmentation(packet, 0)).isEqualTo(Ipv4.DF);
        assertThat(Ipv4.identification(packet, 0)).isZero();
        assertThat(Ipv4.trafficClass(packet, 0)).isEqualTo(0xb9);
        assertThat(Ipv4.ttl(packet, 0)).isEqualTo(7);
        assertThat(Ipv4.protocol(packet, 0)).isEqualTo(6);
        assertThat(Ipv4.source(packet, 0)).isEqualTo(Packets.ip("192.168.1.1"));
    }

    @Test
    void segment_shorterThanReserved_isSentAsLongAsItIs() {
        Host host = Host.acquainted();
        Path path = host.path(PEER);
        long at = host.ip.reserve(path, 1480);
        TcpHeader.write(host.ip.memory(path), at, 80, 4000, 3, 4, 24, 0, 0);
        host.ip.commit(path, 0, ipv4(US), 0, ipv4(PEER), 25, 0, 64, 0);

        assertThat(host.sent()).containsExactly("to 00:00:02: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 1 bytes");
    }

    @Test
    void segments_reservedOnTwoPorts_goEachItsWay() {
        Host host = Host.acquainted();
        host.receive(1, Packets.arp(Packets.mac(0x11), 1, Packets.mac(5), "192.168.1.5", 0, "192.168.1.1"), 0);
        host.sent();
        Path one = host.path(PEER);
        Path two = host.path("192.168.1.5");
        long first = host.ip.reserve(one, 20);
        long second = host.ip.reserve(two, 20);
        TcpHeader.write(host.ip.memory(one), first, 80, 4000, 3, 4, 20, 0, 0);
        TcpHeader.write(host.ip.memory(two), second, 81, 4001, 3, 4, 20, 0, 0);
        host.ip.commit(one, 0, ipv4(US), 0, ipv4(PEER), 20, 0, 64, 0);
        host.ip.commit(two, 0, ipv4("192.168.1.1"), 0, ipv4("192.168.1.5"), 20, 0, 64, 0);

        assertThat(host.sent())
                .containsExactly(
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 0 bytes",
                        "port 1 to 00:00:05: 192.168.1.1 > 192.168.1.5 tcp 81 > 4001 0 bytes");
    }

    @Test
    @Requirement("MUST-2")
    void segment_checksumOffload_leavesItToTheDevice() {
        Host host = withOffloads(0, Offload.TX_TCP_CHECKSUM, Offload.TX_IPV4_CHECKSUM);

        host.send(host.path(PEER), PEER, 100, 0);

        assertThat(host.sent())
                .containsExactly("to 00:00:02: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 100 bytes, checksum offloaded");
    }

    @Test
    void segment_segmentationOffload_isCutByTheDevice() {
        Host host = withOffloads(TSO_FRAME, Offload.TX_TCP_CHECKSUM, Offload.TCP_SEGMENTATION);
        Path path = host.path(PEER);
        assertThat(path.maxSegmentation()).isEqualTo(TSO_FRAME - 14 - 20);

        assertThat(host.send(path, PEER, path.maxSegmentation() - 20, 1460)).isZero();
        assertThat(host.send(path, PEER, 1461, 1460)).isZero();
        assertThat(host.send(path, PEER, 1460, 1460)).isZero();

        assertThat(host.sent())
                .containsExactly(
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 32714 bytes, cut by 1460",
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 1461 bytes, cut by 1460",
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 1460 bytes, checksum offloaded");
    }

    @Test
    void path_tellsWhatTheLinkTakes() {
        Path path = Host.builder().mtu(9000).build().path(PEER);

        assertThat(path.mtu()).isEqualTo(9000);
        assertThat(path.ipHeaderLength()).isEqualTo(20);
        assertThat(path.maxSegmentation()).isZero();
        assertThat(path.port()).isZero();
    }

    @Test
    void path_maxSegmentation_neverExceedsAnIpPacket() {
        Host host = withOffloads(200_000, Offload.TX_TCP_CHECKSUM, Offload.TCP_SEGMENTATION);

        assertThat(host.path(PEER).maxSegmentation()).isEqualTo(65_515);
    }

    @Test
    void ping_longerThanSmallMtu_isAnsweredInFragmentsThatFit() {
        Host host = Host.builder().mtu(68).build().acquaint();
        byte[] ping = Packets.icmp(8, 0, 1, bytes(100));
        for (byte[] fragment : Fragmenter.cut(PEER, US, Ipv4.PROTOCOL_ICMP, 3, ping, 48)) {
            host.receivePacket(fragment);
        }

        assertThat(host.sent())
                .containsExactly(
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 fragment 0+48+",
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 fragment 48+48+",
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 fragment 96+12");
    }

    // Routes

    @Test
    void path_sameNextHop_isOne() {
        Host host = Host.acquainted();

        assertThat(host.path("172.16.0.1")).isSameAs(host.path("8.8.8.8")).isSameAs(host.path(Host.GATEWAY));
        assertThat(host.path(PEER)).isNotSameAs(host.path("8.8.8.8"));
    }

    @Test
    void path_longestPrefix_wins() {
        Host host = Host.builder()
                .route("172.16.0.0", 12, "10.0.0.12", 0)
                .route("172.16.5.0", 24, "192.168.1.24", 1)
                .route("172.16.5.128", 25, "10.0.0.25", 0)
                .route("172.16.5.129", 32, "192.168.2.32", 1)
                .route("172.16.5.0", 24, "10.0.0.99", 0)
                .build();

        assertThat(nextHop(host, "172.20.0.1")).isEqualTo("10.0.0.12 on port 0");
        assertThat(nextHop(host, "172.16.5.127")).isEqualTo("192.168.1.24 on port 1");
        assertThat(nextHop(host, "172.16.5.128")).isEqualTo("10.0.0.25 on port 0");
        assertThat(nextHop(host, "172.16.5.129")).isEqualTo("192.168.2.32 on port 1");
        assertThat(nextHop(host, "172.32.0.1")).isEqualTo("10.0.0.254 on port 0");
        assertThat(nextHop(host, "192.168.2.9")).isEqualTo("192.168.2.9 on port 1");
    }

    @Test
    void path_routeOnLink_isTheDestinationItself() {
        Host host = Host.builder().route("172.16.0.0", 16, "", 1).build();

        assertThat(nextHop(host, "172.16.9.9")).isEqualTo("172.16.9.9 on port 1");
    }

    @Test
    @Requirement("MUST-44")
    void source_isInTheNextHopsNetwork() {
        Host host = Host.builder().route("172.16.0.0", 16, "192.168.2.77", 1).build();

        assertThat(source(host, PEER)).isEqualTo(US);
        assertThat(source(host, "8.8.8.8")).isEqualTo(US);
        assertThat(source(host, "192.168.1.9")).isEqualTo("192.168.1.1");
        assertThat(source(host, "192.168.2.9")).isEqualTo("192.168.2.1");
        assertThat(source(host, "172.16.1.1")).isEqualTo("192.168.2.1");
    }

    @Test
    void path_toWhatIsNoOtherHost_isNone() {
        Host host = Host.acquainted();

        for (String address :
                List.of(US, "192.168.2.1", "10.0.0.255", "255.255.255.255", "224.0.0.1", "127.0.0.1", "0.0.0.0")) {
            assertThat(host.ip.path(0, ipv4(address))).as(address).isNull();
        }
        assertThat(host.ip.path(0x2001_0db8_0000_0000L, 1)).isNull();
        assertThat(host.news()).isEmpty();
    }

    @Test
    void path_withoutRoute_isNone() {
        Host host = Host.builder().build();
        Ipv4Config config = new Ipv4Config(List.of(host.config(0)), List.of());
        var alone = new Ipv4Layer(config, host.link, host.timers, new Random(1), host.counters);

        assertThat(alone.path(0, ipv4(PEER))).isNotNull();
        assertThat(alone.path(0, ipv4("8.8.8.8"))).isNull();
    }

    @Test
    void counters_ofSegments_areThoseOfFrames() {
        Host host = Host.acquainted();
        long frames = host.counters.value(Counter.TX_FRAMES);
        long bytes = host.counters.value(Counter.TX_BYTES);

        host.send(host.path(PEER), PEER, 10, 0);

        assertThat(host.counters.value(Counter.TX_FRAMES) - frames).isEqualTo(1);
        assertThat(host.counters.value(Counter.TX_BYTES) - bytes).isEqualTo(64);
        assertThat(host.send(host.path("10.0.0.9"), "10.0.0.9")).isEqualTo(Network.UNRESOLVED);
    }

    private static String nextHop(Host host, String destination) {
        return host.path(destination).toString();
    }

    private static String source(Host host, String destination) {
        return Ipv4.toString(Address.ipv4(host.ip.sourceLow(host.path(destination))));
    }

    private static long ipv4(String address) {
        return Address.ofIpv4(Packets.ip(address));
    }
}
