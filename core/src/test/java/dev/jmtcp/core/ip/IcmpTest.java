package dev.jmtcp.core.ip;

import static dev.jmtcp.core.link.Host.GATEWAY;
import static dev.jmtcp.core.link.Host.OUR_MAC;
import static dev.jmtcp.core.link.Host.PEER;
import static dev.jmtcp.core.link.Host.PEER_MAC;
import static dev.jmtcp.core.link.Host.US;
import static dev.jmtcp.core.link.Packets.bytes;
import static dev.jmtcp.core.link.Packets.ethernet;
import static dev.jmtcp.core.link.Packets.icmp;
import static dev.jmtcp.core.link.Packets.ipv4;
import static dev.jmtcp.core.link.Packets.payload;
import static dev.jmtcp.core.link.Packets.tcp;
import static dev.jmtcp.core.link.Packets.withHeaderChecksum;
import static dev.jmtcp.core.link.Packets.withOptions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.link.FakeQueue.Sent;
import dev.jmtcp.core.link.Host;
import dev.jmtcp.core.link.Packets;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Icmpv4;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.testsupport.Requirement;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IcmpTest {

    private static final int ID = 0x1234_0001;

    private final Host host = Host.acquainted();

    private static byte[] ping(String source, String destination, int data) {
        return ipv4(source, destination, Ipv4.PROTOCOL_ICMP, icmp(Icmpv4.ECHO_REQUEST, 0, ID, bytes(data)));
    }

    /** A segment that we may have sent to the peer. */
    private static byte[] ours() {
        return ipv4(US, PEER, Ipv4.PROTOCOL_TCP, tcp(US, PEER, 80, 4000, 0x01020304, bytes(30)));
    }

    private void receiveError(int type, int code, int rest, byte[] quoted) {
        host.receivePacket(ipv4(GATEWAY, US, Ipv4.PROTOCOL_ICMP, icmp(type, code, rest, quoted)));
    }

    private void assertDropped(Counter reason) {
        assertThat(host.news()).isEqualTo(Map.of(reason, 1L));
        assertThat(host.heard()).isEmpty();
        assertThat(host.sent()).isEmpty();
    }

    // Echo

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 56, 57, 1471, 1472})
    void echoRequest_anyLength_isAnsweredWithTheSameData(int length) {
        host.receivePacket(ping(PEER, US, length));

        Sent reply = single(host.queue.take());
        assertThat(reply).asString().isEqualTo("to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 0/0 %d bytes", length);
        assertThat(payload(reply.frame())).isEqualTo(icmp(Icmpv4.ECHO_REPLY, 0, ID, bytes(length)));
        assertThat(host.news()).isEqualTo(Map.of(Counter.ICMP_ECHO_IN, 1L));
    }

    @Test
    void echoRequest_reply_hasTosTtlAndNoDontFragment() {
        byte[] packet = ping(PEER, US, 8);
        packet[1] = (byte) 0xb8;
        packet[6] = 0x40;
        packet[8] = 3;
        host.receivePacket(withHeaderChecksum(packet));

        MemorySegment reply = Packets.packet(single(host.queue.take()).frame());
        assertThat(Ipv4.trafficClass(reply, 0)).isEqualTo(0xb8);
        assertThat(Ipv4.ttl(reply, 0)).isEqualTo(64);
        assertThat(Ipv4.fragmentation(reply, 0)).isZero();
    }

    @Test
    void echoRequests_repliesMayBeFragmented_soTheirIdentificationsDiffer() {
        host.receivePacket(ping(PEER, US, 8));
        host.receivePacket(ping(PEER, US, 8));

        List<Sent> replies = host.queue.take();
        int first = Ipv4.identification(Packets.packet(replies.get(0).frame()), 0);
        int second = Ipv4.identification(Packets.packet(replies.get(1).frame()), 0);
        assertThat(second).isEqualTo(first + 1 & 0xffff);
    }

    @Test
    void echoRequest_toAddressOfOtherPort_isAnsweredFromThere() {
        host.receivePacket(ping(PEER, "192.168.2.1", 8));

        assertThat(host.sent()).containsExactly("to 00:00:02: 192.168.2.1 > 10.0.0.2 icmp 0/0 8 bytes");
    }

    @Test
    void echoRequest_fromAfar_isAnsweredByTheGateway() {
        host.receivePacket(ping("172.16.5.5", US, 8));

        assertThat(host.sent()).containsExactly("to 00:00:fe: 10.0.0.1 > 172.16.5.5 icmp 0/0 8 bytes");
    }

    @Test
    void echoRequest_withIpOptions_isAnsweredWithout() {
        host.receivePacket(withOptions(ping(PEER, US, 8), new byte[] {7, 7, 4, 0, 0, 0, 0, 0}));

        assertThat(host.sent()).containsExactly("to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 0/0 8 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.255", "255.255.255.255"})
    void echoRequest_toAll_isIgnored(String destination) {
        host.receive(ethernet(Ethernet.BROADCAST, PEER_MAC, Ethernet.TYPE_IPV4, ping(PEER, destination, 8)));
        assertDropped(Counter.ICMP_IGNORED);
        host.receive(ethernet(OUR_MAC, PEER_MAC, Ethernet.TYPE_IPV4, ping(PEER, destination, 8)));
        assertDropped(Counter.ICMP_IGNORED);
    }

    @Test
    void echoRequest_badChecksum_isDropped() {
        byte[] packet = ping(PEER, US, 8);
        packet[30] ^= 1;
        host.receivePacket(packet);

        assertDropped(Counter.ICMP_BAD_CHECKSUM);
    }

    @Test
    void icmp_shorterThanItsHeader_isMalformed() {
        for (int length = 0; length < Icmpv4.HEADER_LENGTH; length++) {
            host.receivePacket(ipv4(PEER, US, Ipv4.PROTOCOL_ICMP, bytes(length)));
            assertDropped(Counter.ICMP_MALFORMED);
        }
    }

    @Test
    void echoRequest_ringFull_isDroppedAndCounted() {
        host.queue.limit(0);
        host.receivePacket(ping(PEER, US, 8));

        assertDropped(Counter.TX_RING_FULL);
    }

    @Test
    void echoRequest_noRouteBack_isDroppedAndCounted() {
        Host host = Host.builder().build();
        Ipv4Config config = new Ipv4Config(List.of(host.config(1)), List.of());
        Ipv4Layer alone = new Ipv4Layer(config, host.link, host.timers, new Random(1), host.counters);
        byte[] packet = ping(PEER, "192.168.1.1", 8);

        alone.receive(MemorySegment.ofArray(packet), 0, packet.length, 0, false, host.now());

        assertThat(host.news()).isEqualTo(Map.of(Counter.IP_NO_ROUTE, 1L));
    }

    @ParameterizedTest
    @ValueSource(ints = {1473, 1480, 2000, 2952, 8000, 65_507})
    void echoRequest_inFragments_isAnsweredInFragments(int length) {
        byte[] message = icmp(Icmpv4.ECHO_REQUEST, 0, ID, bytes(length));
        for (byte[] fragment : Fragmenter.cut(PEER, US, Ipv4.PROTOCOL_ICMP, 77, message, 1480)) {
            host.receivePacket(fragment);
        }

        List<Sent> sent = host.queue.take();
        var data = new ByteArrayOutputStream();
        int identification = Ipv4.identification(Packets.packet(sent.getFirst().frame()), 0);
        for (Sent fragment : sent) {
            MemorySegment packet = Packets.packet(fragment.frame());
            int fragmentation = Ipv4.fragmentation(packet, 0);
            assertThat(Ipv4.fragmentOffset(fragmentation)).isEqualTo(data.size());
            assertThat(Ipv4.identification(packet, 0)).isEqualTo(identification);
            assertThat((fragmentation & Ipv4.MF) != 0)
                    .isEqualTo(data.size() + fragment.frame().length - 34 < 8 + length);
            assertThat(fragment.frame().length).isLessThanOrEqualTo(1514);
            data.writeBytes(payload(fragment.frame()));
        }
        assertThat(data.toByteArray()).isEqualTo(icmp(Icmpv4.ECHO_REPLY, 0, ID, bytes(length)));
        assertThat(host.news()).containsEntry(Counter.ICMP_ECHO_IN, 1L).containsEntry(Counter.IP_REASSEMBLED, 1L);
    }

    @Test
    void echoRequest_ringFullAmidFragments_isCountedOnce() {
        byte[] message = icmp(Icmpv4.ECHO_REQUEST, 0, ID, bytes(5000));
        host.queue.limit(2);
        for (byte[] fragment : Fragmenter.cut(PEER, US, Ipv4.PROTOCOL_ICMP, 77, message, 1480)) {
            host.receivePacket(fragment);
        }

        assertThat(host.sent()).hasSize(2);
        assertThat(host.news()).containsEntry(Counter.TX_RING_FULL, 1L).doesNotContainKey(Counter.ICMP_ECHO_IN);
    }

    // Errors received

    @ParameterizedTest
    @CsvSource({
        "3, 0, NETWORK_UNREACHABLE",
        "3, 1, HOST_UNREACHABLE",
        "3, 2, PROTOCOL_UNREACHABLE",
        "3, 3, PORT_UNREACHABLE",
        "3, 4, PACKET_TOO_BIG",
        "3, 5, SOURCE_ROUTE_FAILED",
        "3, 6, NETWORK_UNREACHABLE",
        "3, 7, HOST_UNREACHABLE",
        "3, 8, NETWORK_UNREACHABLE",
        "3, 9, PROHIBITED",
        "3, 10, PROHIBITED",
        "3, 11, NETWORK_UNREACHABLE",
        "3, 12, HOST_UNREACHABLE",
        "3, 13, PROHIBITED",
        "3, 14, PROHIBITED",
        "3, 15, PROHIBITED",
        "11, 0, TIME_EXCEEDED",
        "11, 1, TIME_EXCEEDED",
        "12, 0, PARAMETER_PROBLEM",
        "12, 1, PARAMETER_PROBLEM"
    })
    @Requirement("MUST-54")
    void error_aboutOurSegment_isHeard(int type, int code, String name) {
        receiveError(type, code, 0, ours());

        assertThat(host.heard()).containsExactly(name + " 10.0.0.1:80 > 10.0.0.2:4000 seq 16909060");
        assertThat(host.news()).isEqualTo(Map.of(Counter.ICMP_ERRORS_IN, 1L));
        assertThat(host.sent()).isEmpty();
    }

    @Test
    void packetTooBig_nextHopMtu_isHeard() {
        receiveError(3, 4, 0xabcd_0000 | 1400, ours());

        assertThat(host.heard()).containsExactly("PACKET_TOO_BIG 1400 10.0.0.1:80 > 10.0.0.2:4000 seq 16909060");
    }

    @Test
    void packetTooBig_impossibleMtu_isMalformed() {
        receiveError(3, 4, 67, ours());
        assertDropped(Counter.ICMP_MALFORMED);
        receiveError(3, 4, 1, ours());
        assertDropped(Counter.ICMP_MALFORMED);
    }

    @Test
    void error_quoteOfHeaderAndEightBytes_isHeard() {
        receiveError(3, 1, 0, Arrays.copyOf(ours(), 28));
        assertThat(host.heard()).hasSize(1);

        receiveError(3, 1, 0, Arrays.copyOf(withOptions(ours(), bytes(12)), 40));
        assertThat(host.heard()).containsExactly("HOST_UNREACHABLE 10.0.0.1:80 > 10.0.0.2:4000 seq 16909060");
    }

    @Test
    void error_shorterQuote_isMalformed() {
        for (int length = 0; length < 28; length++) {
            receiveError(3, 1, 0, Arrays.copyOf(ours(), length));
            assertDropped(Counter.ICMP_MALFORMED);
        }
        for (int length = 28; length < 40; length++) {
            receiveError(3, 1, 0, Arrays.copyOf(withOptions(ours(), bytes(12)), length));
            assertDropped(Counter.ICMP_MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x44, 0x40, 0x65, 0x55})
    void error_quotedHeaderBad_isMalformed(int first) {
        byte[] quoted = ours();
        quoted[0] = (byte) first;
        receiveError(3, 1, 0, quoted);

        assertDropped(Counter.ICMP_MALFORMED);
    }

    @Test
    void error_aboutSegmentOfAnother_isIgnored() {
        receiveError(3, 1, 0, ipv4("10.0.0.3", PEER, Ipv4.PROTOCOL_TCP, bytes(20)));
        assertDropped(Counter.ICMP_IGNORED);
        receiveError(3, 1, 0, ipv4("192.168.1.1", PEER, Ipv4.PROTOCOL_TCP, bytes(20)));
        assertDropped(Counter.ICMP_IGNORED);
    }

    @Test
    void error_aboutOtherProtocol_isIgnored() {
        receiveError(3, 1, 0, ipv4(US, PEER, Ipv4.PROTOCOL_UDP, bytes(20)));

        assertDropped(Counter.ICMP_IGNORED);
    }

    @Test
    void error_aboutLaterFragment_isIgnored() {
        receiveError(3, 1, 0, ipv4(US, PEER, Ipv4.PROTOCOL_TCP, 1, 1, bytes(20)));

        assertDropped(Counter.ICMP_IGNORED);
    }

    @Test
    void error_unknownCode_isIgnored() {
        receiveError(3, 16, 0, ours());

        assertDropped(Counter.ICMP_IGNORED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 5, 9, 10, 13, 14, 15, 17, 30, 255})
    @Requirement("MUST-55")
    void message_ofOtherType_isIgnored(int type) {
        receiveError(type, 0, 0, ours());

        assertDropped(Counter.ICMP_IGNORED);
    }

    // Errors sent

    @Test
    void udp_toUs_isAnsweredByPortUnreachable() {
        byte[] packet = ipv4(PEER, US, Ipv4.PROTOCOL_UDP, bytes(30));
        host.receivePacket(packet);

        Sent error = single(host.queue.take());
        assertThat(error).asString().isEqualTo("to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 3/3 50 bytes");
        assertThat(payload(error.frame())).isEqualTo(icmp(3, 3, 0, packet));
        assertThat(host.news()).isEqualTo(Map.of(Counter.IP_PROTOCOL_UNKNOWN, 1L, Counter.ICMP_ERRORS_OUT, 1L));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 41, 47, 132, 255})
    void unknownProtocol_toUs_isAnsweredByProtocolUnreachable(int protocol) {
        host.receivePacket(ipv4(PEER, "192.168.1.1", protocol, bytes(3)));

        assertThat(host.sent()).containsExactly("to 00:00:02: 192.168.1.1 > 10.0.0.2 icmp 3/2 23 bytes");
    }

    @Test
    void error_aboutLongPacket_quotesWhatFits576() {
        byte[] packet = ipv4(PEER, US, Ipv4.PROTOCOL_UDP, bytes(1400));
        host.receivePacket(packet);

        Sent error = single(host.queue.take());
        assertThat(error.frame()).hasSize(14 + 576);
        assertThat(payload(error.frame())).isEqualTo(icmp(3, 3, 0, Arrays.copyOf(packet, 548)));
    }

    @Test
    void error_aboutPacketWithOptions_quotesThem() {
        byte[] packet = withOptions(ipv4(PEER, US, Ipv4.PROTOCOL_UDP, bytes(8)), bytes(40));
        host.receivePacket(packet);

        assertThat(payload(single(host.queue.take()).frame())).isEqualTo(icmp(3, 3, 0, packet));
    }

    @Test
    void udp_toAll_isNotAnswered() {
        host.receivePacket(ipv4(PEER, "10.0.0.255", Ipv4.PROTOCOL_UDP, bytes(8)));

        assertDropped(Counter.IP_NOT_FOR_US);
    }

    @Test
    void udp_inFragments_isAnsweredOnceQuotingTheWhole() {
        for (byte[] fragment : Fragmenter.cut(PEER, US, Ipv4.PROTOCOL_UDP, 5, bytes(40), 16)) {
            host.receivePacket(fragment);
        }

        assertThat(host.sent()).containsExactly("to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 3/3 60 bytes");
    }

    @Test
    void errors_atHighRate_areLimited() {
        for (int i = 0; i < 60; i++) {
            host.receivePacket(ipv4(PEER, US, Ipv4.PROTOCOL_UDP, bytes(8)));
        }
        assertThat(host.sent()).hasSize(50);
        assertThat(host.news())
                .isEqualTo(Map.of(
                        Counter.IP_PROTOCOL_UNKNOWN, 60L,
                        Counter.ICMP_ERRORS_OUT, 50L,
                        Counter.ICMP_RATE_LIMITED, 10L));

        host.advance(Duration.ofMillis(7));
        for (int i = 0; i < 60; i++) {
            host.receivePacket(ipv4(PEER, US, Ipv4.PROTOCOL_UDP, bytes(8)));
        }
        assertThat(host.sent()).hasSize(7);
    }

    @Test
    void errors_atHighRate_leaveEchoRepliesAlone() {
        for (int i = 0; i < 200; i++) {
            host.receivePacket(ping(PEER, US, 1));
        }
        assertThat(host.sent()).hasSize(200);
    }

    private static Sent single(List<Sent> sent) {
        assertThat(sent).hasSize(1);
        return sent.getFirst();
    }
}
