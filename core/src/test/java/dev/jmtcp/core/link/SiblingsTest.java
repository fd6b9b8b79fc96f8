package dev.jmtcp.core.link;

import static dev.jmtcp.core.link.Host.OUR_MAC;
import static dev.jmtcp.core.link.Host.PEER;
import static dev.jmtcp.core.link.Host.PEER_MAC;
import static dev.jmtcp.core.link.Host.US;
import static dev.jmtcp.core.link.Packets.arp;
import static dev.jmtcp.core.link.Packets.bytes;
import static dev.jmtcp.core.link.Packets.ethernet;
import static dev.jmtcp.core.link.Packets.icmp;
import static dev.jmtcp.core.link.Packets.ipv4;
import static dev.jmtcp.core.link.Packets.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.tcp.Network;
import dev.jmtcp.core.tcp.Path;
import dev.jmtcp.core.wire.Arp;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.testsupport.Requirement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two cores on one port: {@code first} gets what is no plain TCP segment, and has the connections of even ports; {@code second} the others. */
class SiblingsTest {

    private final Host first = Host.builder()
            .own((localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort) -> localPort % 2 == 0)
            .build();
    private final Host second = Host.builder()
            .own((localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort) -> localPort % 2 == 1)
            .build();

    private void receive(byte[] frame) {
        first.receive(frame);
        first.passedOn().forEach(second::receivePassedOn);
        assertThat(second.passedOn()).isEmpty();
    }

    private void receivePacket(byte[] packet) {
        receive(ethernet(OUR_MAC, PEER_MAC, Ethernet.TYPE_IPV4, packet));
    }

    private static byte[] error(int localPort) {
        byte[] quoted = ipv4(US, PEER, Ipv4.PROTOCOL_TCP, tcp(US, PEER, localPort, 4000, 9, bytes(20)));
        return ipv4(PEER, US, Ipv4.PROTOCOL_ICMP, icmp(3, 4, 1400, quoted));
    }

    private static byte[] piece(byte[] segment, int start, int end) {
        int fragmentation = start / 8 | (end < segment.length ? Ipv4.MF : 0);
        return ipv4(PEER, US, Ipv4.PROTOCOL_TCP, 5, fragmentation, Arrays.copyOfRange(segment, start, end));
    }

    @Test
    void arpReply_toOneCore_isLearnedByTheOther() {
        Path path = second.path(PEER);
        assertThat(second.send(path, PEER)).isEqualTo(Network.UNRESOLVED);

        receive(arp(OUR_MAC, Arp.REPLY, PEER_MAC, PEER, OUR_MAC, US));

        assertThat(second.heard()).containsExactly("ready 10.0.0.2 on port 0");
        assertThat(second.send(path, PEER)).isZero();
    }

    @Test
    void arpRequest_toOneCore_isAnsweredByItAndLearnedByBoth() {
        receive(arp(Ethernet.BROADCAST, Arp.REQUEST, PEER_MAC, PEER, 0, US));

        assertThat(first.sent()).hasSize(1);
        assertThat(second.sent()).isEmpty();
        assertThat(second.news()).isEmpty();
        assertThat(first.link.neighbourCount()).isEqualTo(1);
        assertThat(second.link.neighbourCount()).isEqualTo(1);
    }

    @Test
    void badArp_isNotPassedOn() {
        first.receive(arp(Ethernet.BROADCAST, Arp.REQUEST, PEER_MAC, US, 0, US)); // a conflict
        first.receive(arp(Ethernet.BROADCAST, 7, PEER_MAC, PEER, 0, US));
        first.receive(arp(Ethernet.BROADCAST, Arp.REQUEST, OUR_MAC, US, 0, PEER));

        assertThat(first.passedOn()).isEmpty();
    }

    @Test
    void icmpError_aboutOwnConnection_isHeardHere() {
        receivePacket(error(80));

        assertThat(first.heard()).containsExactly("PACKET_TOO_BIG 1400 10.0.0.1:80 > 10.0.0.2:4000 seq 9");
        assertThat(second.heard()).isEmpty();
        assertThat(second.news()).isEmpty();
    }

    @Test
    @Requirement("MUST-54")
    void icmpError_aboutConnectionOfTheOther_isHeardThere() {
        receivePacket(error(81));

        assertThat(first.heard()).isEmpty();
        assertThat(second.heard()).containsExactly("PACKET_TOO_BIG 1400 10.0.0.1:81 > 10.0.0.2:4000 seq 9");
        assertThat(first.news()).isEqualTo(Map.of(Counter.IP_OTHER_CORE, 1L));
        assertThat(second.news()).isEqualTo(Map.of(Counter.ICMP_ERRORS_IN, 1L));
    }

    @Test
    void fragmentsOfASegment_areHeardByWhoeverHasTheConnection() {
        byte[] forSecond = tcp(PEER, US, 4000, 81, 1, bytes(60));
        receivePacket(piece(forSecond, 40, 80));
        receivePacket(piece(forSecond, 0, 40));
        assertThat(first.heard()).isEmpty();
        assertThat(second.heard()).hasSize(1);
        assertThat(second.segment).isEqualTo(forSecond);

        byte[] forFirst = tcp(PEER, US, 4000, 80, 1, bytes(60));
        receivePacket(piece(forFirst, 0, 40));
        receivePacket(piece(forFirst, 40, 80));
        assertThat(first.heard()).hasSize(1);
        assertThat(second.heard()).isEmpty();
    }

    @Test
    void fragmentsThatStayIncomplete_areReportedByOneCore() {
        first.acquaint();
        second.acquaint();
        receivePacket(piece(tcp(PEER, US, 4000, 81, 1, bytes(60)), 0, 40));

        first.advance(Duration.ofSeconds(31));
        second.advance(Duration.ofSeconds(31));

        assertThat(first.sent()).containsExactly("to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 11/1 60 bytes");
        assertThat(second.sent()).isEmpty();
        assertThat(second.news()).containsEntry(Counter.IP_FRAGMENT_TIMEOUT, 1L);
    }

    @Test
    void whatConcernsNoOther_isNotPassedOn() {
        first.receivePacket(ipv4(PEER, US, Ipv4.PROTOCOL_TCP, tcp(PEER, US, 4000, 81, 1, bytes(6))));
        first.receivePacket(ipv4(PEER, US, Ipv4.PROTOCOL_ICMP, icmp(8, 0, 1, bytes(6))));
        first.receivePacket(ipv4(PEER, US, Ipv4.PROTOCOL_UDP, bytes(6)));
        first.receivePacket(ipv4(PEER, US, Ipv4.PROTOCOL_UDP, 7, Ipv4.MF, bytes(8)));
        first.receivePacket(ipv4(PEER, "10.0.0.9", Ipv4.PROTOCOL_TCP, 7, Ipv4.MF, bytes(80)));

        assertThat(first.passedOn()).isEmpty();
    }

    @Test
    void passedOn_nonsense_isIgnored() {
        for (int length = 0; length < 40; length++) {
            second.receivePassedOn(Arrays.copyOf(ethernet(OUR_MAC, PEER_MAC, Ethernet.TYPE_IPV4, error(81)), length));
        }
        assertThat(second.heard()).isEmpty();
    }
}
