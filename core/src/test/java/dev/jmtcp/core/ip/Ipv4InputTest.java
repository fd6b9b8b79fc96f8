package dev.jmtcp.core.ip;

import static dev.jmtcp.core.link.Host.OUR_MAC;
import static dev.jmtcp.core.link.Host.PEER;
import static dev.jmtcp.core.link.Host.PEER_MAC;
import static dev.jmtcp.core.link.Host.US;
import static dev.jmtcp.core.link.Packets.bytes;
import static dev.jmtcp.core.link.Packets.ethernet;
import static dev.jmtcp.core.link.Packets.icmp;
import static dev.jmtcp.core.link.Packets.ip;
import static dev.jmtcp.core.link.Packets.ipv4;
import static dev.jmtcp.core.link.Packets.mac;
import static dev.jmtcp.core.link.Packets.tcp;
import static dev.jmtcp.core.link.Packets.withHeaderChecksum;
import static dev.jmtcp.core.link.Packets.withOptions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.link.Host;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Icmpv4;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.spi.RxFlags;
import dev.jmtcp.testsupport.Requirement;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which frames and packets get through, and as what the others are counted. */
class Ipv4InputTest {

    private static final String HEARD = "10.0.0.2 > 10.0.0.1 segment of 25 bytes";

    private final Host host = Host.acquainted();

    private static byte[] segment() {
        return segment(PEER, US);
    }

    private static byte[] segment(String source, String destination) {
        return ipv4(source, destination, Ipv4.PROTOCOL_TCP, tcp(source, destination, 4000, 80, 1, bytes(5)));
    }

    private void assertDropped(Counter reason) {
        assertThat(host.news()).isEqualTo(Map.of(reason, 1L));
        assertThat(host.heard()).isEmpty();
        assertThat(host.sent()).isEmpty();
    }

    private void assertHeard() {
        assertThat(host.heard()).containsExactly(HEARD);
        assertThat(host.news()).isEmpty();
    }

    @Test
    void segment_good_isHeardWithItsPayload() {
        host.receivePacket(segment());

        assertHeard();
        assertThat(host.segment).isEqualTo(tcp(PEER, US, 4000, 80, 1, bytes(5)));
    }

    @Test
    void segment_good_isExpectedBefore() {
        host.receivePacket(segment());

        assertThat(host.expected()).containsExactly("10.0.0.2:4000 > 10.0.0.1:80");
    }

    @Test
    void lookAhead_whatIsNoPlainSegment_isNotExpected() {
        host.receivePacket(ipv4(PEER, US, Ipv4.PROTOCOL_ICMP, icmp(Icmpv4.ECHO_REQUEST, 0, 0, bytes(40))));
        host.receivePacket(withOptions(segment(), bytes(8)));
        host.receivePacket(Arrays.copyOf(segment(), 39));

        assertThat(host.expected()).isEmpty();
    }

    @Test
    void segment_paddedFrame_isTrimmed() {
        host.receivePacket(Arrays.copyOf(segment(), 60));

        assertHeard();
    }

    @Test
    void segment_trafficClass_isHeard() {
        byte[] packet = segment();
        packet[1] = 0x2b;
        host.receivePacket(withHeaderChecksum(packet));

        assertThat(host.heard()).containsExactly(HEARD + ", class 43");
    }

    @Test
    @Requirement("MUST-50")
    void segment_ipOptions_areSkipped() {
        for (int length = 4; length <= 40; length += 4) {
            byte[] options = new byte[length];
            Arrays.fill(options, (byte) 0x83); // nonsense, but not looked at
            host.receivePacket(withOptions(segment(), options));
            assertHeard();
        }
    }

    @Test
    void segment_ttlOne_isHeard() {
        byte[] packet = segment();
        packet[8] = 1;
        host.receivePacket(withHeaderChecksum(packet));

        assertHeard();
    }

    @Test
    void segment_toAddressOfOtherPort_isHeard() {
        host.receivePacket(segment(PEER, "192.168.2.1"));

        assertThat(host.heard()).containsExactly("10.0.0.2 > 192.168.2.1 segment of 25 bytes");
    }

    @Test
    void segment_ofLessThanAHeader_isMalformed() {
        host.receivePacket(ipv4(PEER, US, Ipv4.PROTOCOL_TCP, bytes(19)));

        assertDropped(Counter.TCP_MALFORMED);
    }

    @Test
    @Requirement("MUST-3")
    void segment_badChecksum_isDropped() {
        byte[] packet = segment();
        packet[40] ^= 1;
        host.receivePacket(packet);

        assertDropped(Counter.TCP_BAD_CHECKSUM);
    }

    @Test
    @Requirement("MUST-3")
    void segment_forAnotherByPseudoHeader_isDropped() {
        host.receivePacket(ipv4(PEER, US, Ipv4.PROTOCOL_TCP, tcp("10.0.0.3", US, 4000, 80, 1, bytes(5))));

        assertDropped(Counter.TCP_BAD_CHECKSUM);
    }

    @Test
    void segment_badChecksumButDeviceSaysGood_isHeard() {
        byte[] packet = segment();
        packet[40] ^= 1;
        host.receivePacket(packet, RxFlags.TCP_CHECKSUM_GOOD);

        assertHeard();
    }

    @Test
    @Requirement("MUST-3")
    void segment_goodChecksumButDeviceSaysBad_isDropped() {
        host.receivePacket(segment(), RxFlags.TCP_CHECKSUM_BAD | RxFlags.IP_CHECKSUM_GOOD);

        assertDropped(Counter.TCP_BAD_CHECKSUM);
    }

    @Test
    void header_badChecksum_isDropped() {
        byte[] packet = segment();
        packet[1] ^= 1;
        host.receivePacket(packet);

        assertDropped(Counter.IP_BAD_CHECKSUM);
    }

    @Test
    void header_badChecksumButDeviceSaysGood_isHeard() {
        byte[] packet = segment();
        packet[11] ^= 1;
        host.receivePacket(packet, RxFlags.IP_CHECKSUM_GOOD);

        assertHeard();
    }

    @Test
    void header_goodChecksumButDeviceSaysBad_isDropped() {
        host.receivePacket(segment(), RxFlags.IP_CHECKSUM_BAD);

        assertDropped(Counter.IP_BAD_CHECKSUM);
    }

    @Test
    void header_optionsCorrupted_isDropped() {
        byte[] packet = withOptions(segment(), bytes(8));
        packet[22] ^= 4;
        host.receivePacket(packet);

        assertDropped(Counter.IP_BAD_CHECKSUM);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x05, 0x35, 0x55, 0x65, 0xf5})
    void header_otherVersion_isMalformed(int first) {
        byte[] packet = segment();
        packet[0] = (byte) first;
        host.receivePacket(withHeaderChecksum(packet));

        assertDropped(Counter.IP_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x41, 0x44})
    void header_tooShort_isMalformed(int first) {
        byte[] packet = segment();
        packet[0] = (byte) first;
        host.receivePacket(withHeaderChecksum(packet));

        assertDropped(Counter.IP_MALFORMED);
    }

    @Test
    void header_longerThanPacket_isMalformed() {
        byte[] packet = ipv4(PEER, US, Ipv4.PROTOCOL_TCP, bytes(36));
        packet[0] = 0x4f;
        host.receivePacket(packet, RxFlags.IP_CHECKSUM_GOOD);

        assertDropped(Counter.IP_MALFORMED);
    }

    @Test
    void totalLength_beyondFrame_isMalformed() {
        byte[] packet = segment();
        packet[3]++;
        host.receivePacket(withHeaderChecksum(packet));

        assertDropped(Counter.IP_MALFORMED);
    }

    @Test
    void totalLength_lessThanHeader_isMalformed() {
        byte[] packet = segment();
        packet[3] = 19;
        host.receivePacket(withHeaderChecksum(packet));

        assertDropped(Counter.IP_MALFORMED);
    }

    @Test
    void totalLength_coversNoPayload_isMalformedSegment() {
        byte[] packet = segment();
        packet[3] = 20;
        host.receivePacket(withHeaderChecksum(packet));

        assertDropped(Counter.TCP_MALFORMED);
    }

    @Test
    void packet_everyTruncation_isMalformed() {
        byte[] packet = segment();
        for (int length = 0; length < packet.length; length++) {
            host.receivePacket(Arrays.copyOf(packet, length));
            assertDropped(Counter.IP_MALFORMED);
        }
    }

    @Test
    void frame_shorterThanItsHeader_isCounted() {
        for (int length = 0; length < Ethernet.HEADER_LENGTH; length++) {
            host.receive(Arrays.copyOf(ethernet(OUR_MAC, PEER_MAC, Ethernet.TYPE_IPV4, segment()), length));
            assertDropped(Counter.FRAME_TOO_SHORT);
        }
    }

    @Test
    void frame_forAnother_isNotForUs() {
        host.receive(ethernet(mac(3), PEER_MAC, Ethernet.TYPE_IPV4, segment()));
        assertDropped(Counter.FRAME_NOT_FOR_US);
        host.receive(ethernet(0x0100_5e00_0001L, PEER_MAC, Ethernet.TYPE_IPV4, segment(PEER, "224.0.0.1")));
        assertDropped(Counter.FRAME_NOT_FOR_US);
    }

    @Test
    void frame_onPortWithoutAddress_isNotForUs() {
        host.receive(2, ethernet(OUR_MAC, PEER_MAC, Ethernet.TYPE_IPV4, segment()), 0);

        assertDropped(Counter.FRAME_NOT_FOR_US);
    }

    @Test
    void frame_otherEtherType_isUnknown() {
        host.receive(ethernet(OUR_MAC, PEER_MAC, Ethernet.TYPE_IPV6, segment()));
        assertDropped(Counter.ETHERTYPE_UNKNOWN);
        host.receive(ethernet(OUR_MAC, PEER_MAC, 46, segment())); // IEEE 802.3 length
        assertDropped(Counter.ETHERTYPE_UNKNOWN);
    }

    @Test
    @Requirement("MUST-57")
    void frame_broadcastWithPacketForUs_isNotForUs() {
        host.receive(ethernet(Ethernet.BROADCAST, PEER_MAC, Ethernet.TYPE_IPV4, segment()));

        assertDropped(Counter.IP_NOT_FOR_US);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.3", "10.0.0.255", "255.255.255.255", "224.0.0.1", "172.16.0.1", "0.0.0.0"})
    @Requirement("MUST-57")
    void packet_forAnother_isNotForUs(String destination) {
        host.receivePacket(segment(PEER, destination));

        assertDropped(Counter.IP_NOT_FOR_US);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "127.0.0.1",
                "224.0.0.1",
                "239.255.255.255",
                "255.255.255.255",
                "10.0.0.255",
                "192.168.2.255",
                "10.0.0.1",
                "192.168.1.1"
            })
    @Requirement("MUST-63")
    void packet_fromImpossibleSource_isDropped(String source) {
        host.receivePacket(segment(source, US));
        assertDropped(Counter.IP_BAD_SOURCE);
        host.receivePacket(ipv4(source, US, Ipv4.PROTOCOL_ICMP, icmp(Icmpv4.ECHO_REQUEST, 0, 1, bytes(4))));
        assertDropped(Counter.IP_BAD_SOURCE);
        host.receivePacket(ipv4(source, US, Ipv4.PROTOCOL_UDP, bytes(8)));
        assertDropped(Counter.IP_BAD_SOURCE);
    }

    @Test
    void isUnicast_addresses_areTold() {
        assertThat(unicast("10.0.0.9")).isTrue();
        assertThat(unicast("8.8.8.8")).isTrue();
        assertThat(unicast(US)).isTrue();
        assertThat(unicast("10.0.1.255")).isTrue();
        assertThat(unicast("10.0.0.255")).isFalse();
        assertThat(unicast("192.168.1.255")).isFalse();
        assertThat(unicast("255.255.255.255")).isFalse();
        assertThat(unicast("224.0.0.5")).isFalse();
        assertThat(unicast("127.0.0.1")).isFalse();
        assertThat(unicast("0.0.0.0")).isFalse();
        assertThat(host.ip.isUnicast(0x2001_0db8_0000_0000L, 1)).isFalse();
    }

    @Test
    void isLocal_addresses_areTold() {
        assertThat(host.ip.isLocal(0, 0xffff_0a00_0001L)).isTrue();
        assertThat(host.ip.isLocal(0, 0xffff_c0a8_0201L)).isTrue();
        assertThat(host.ip.isLocal(0, 0xffff_0a00_0002L)).isFalse();
        assertThat(host.ip.isLocal(0, 0x0a00_0001L)).isFalse();
        assertThat(host.ip.isLocal(1, 0xffff_0a00_0001L)).isFalse();
        assertThat(host.ip.isLocal(0, 0xffff_0000_0000L)).isFalse();
    }

    private boolean unicast(String address) {
        return host.ip.isUnicast(0, Address.ofIpv4(ip(address)));
    }

    @Test
    void frames_received_areCounted() {
        host.receivePacket(segment());
        host.receivePacket(segment());

        assertThat(host.counters.value(Counter.RX_FRAMES)).isEqualTo(4); // with those of the acquaintance
        assertThat(host.counters.value(Counter.RX_BYTES)).isEqualTo(2 * 42 + 2 * 59);
        assertThat(host.counters.value(Counter.TX_FRAMES)).isEqualTo(2);
        assertThat(host.counters.value(Counter.TX_BYTES)).isEqualTo(2 * 42);
    }
}
