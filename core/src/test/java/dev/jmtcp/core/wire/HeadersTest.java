package dev.jmtcp.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadersTest {

    private static final int AT = 3;

    private final MemorySegment memory = Arena.ofAuto().allocate(128);

    @Test
    void ethernet_written_liesAsOnTheWire() {
        Ethernet.write(memory, AT, 0x0102_0304_0506L, 0xf1f2_f3f4_f5f6L, Ethernet.TYPE_ARP);

        assertThat(hex(Ethernet.HEADER_LENGTH)).isEqualTo("010203040506f1f2f3f4f5f60806");
        assertThat(Ethernet.destination(memory, AT)).isEqualTo(0x0102_0304_0506L);
        assertThat(Ethernet.source(memory, AT)).isEqualTo(0xf1f2_f3f4_f5f6L);
        assertThat(Ethernet.type(memory, AT)).isEqualTo(0x0806);
    }

    @Test
    void ethernet_groupBit_tellsMulticast() {
        assertThat(Ethernet.isGroup(Ethernet.BROADCAST)).isTrue();
        assertThat(Ethernet.isGroup(0x0100_5e00_0001L)).isTrue();
        assertThat(Ethernet.isGroup(0x0200_0000_0001L)).isFalse();
    }

    @Test
    void arp_written_liesAsOnTheWire() {
        Arp.write(memory, AT, Arp.REPLY, 0xf1f2_f3f4_f5f6L, 0xc0a8_0001, 0x8102_0304_0506L, 0xc0a8_00fe);

        assertThat(hex(Arp.LENGTH)).isEqualTo("0001080006040002f1f2f3f4f5f6c0a80001810203040506c0a800fe");
        assertThat(Arp.isIpv4OverEthernet(memory, AT, Arp.LENGTH)).isTrue();
        assertThat(Arp.operation(memory, AT)).isEqualTo(Arp.REPLY);
        assertThat(Arp.senderHardware(memory, AT)).isEqualTo(0xf1f2_f3f4_f5f6L);
        assertThat(Arp.senderAddress(memory, AT)).isEqualTo(0xc0a8_0001);
        assertThat(Arp.targetHardware(memory, AT)).isEqualTo(0x8102_0304_0506L);
        assertThat(Arp.targetAddress(memory, AT)).isEqualTo(0xc0a8_00fe);
    }

    @Test
    void arp_otherKindOrTooShort_isNotIpv4OverEthernet() {
        Arp.write(memory, AT, Arp.REQUEST, 1, 2, 3, 4);
        assertThat(Arp.isIpv4OverEthernet(memory, AT, Arp.LENGTH - 1)).isFalse();
        for (int i = 0; i < 6; i++) {
            byte was = memory.get(ValueLayout.JAVA_BYTE, AT + i);
            memory.set(ValueLayout.JAVA_BYTE, AT + i, (byte) (was + 1));
            assertThat(Arp.isIpv4OverEthernet(memory, AT, Arp.LENGTH))
                    .as("octet %d", i)
                    .isFalse();
            memory.set(ValueLayout.JAVA_BYTE, AT + i, was);
        }
        assertThat(Arp.isIpv4OverEthernet(memory, AT, Arp.LENGTH)).isTrue();
    }

    @Test
    void ipv4_written_liesAsOnTheWire() {
        // The header of a well-known worked example, checksum b861.
        Ipv4.write(memory, AT, 0, 0x73, 0, Ipv4.DF, 64, Ipv4.PROTOCOL_UDP, 0xc0a8_0001, 0xc0a8_00c7, true);

        assertThat(hex(Ipv4.HEADER_LENGTH)).isEqualTo("450000730000400040 11b861 c0a80001 c0a800c7".replace(" ", ""));
        assertThat(Checksum.fold(Checksum.sum(memory, AT, Ipv4.HEADER_LENGTH))).isEqualTo(0xffff);
    }

    @Test
    void ipv4_read_givesEveryField() {
        write("46fb1234abcd3fff7f06beef0a0000010a0000fe");

        assertThat(Ipv4.version(memory, AT)).isEqualTo(4);
        assertThat(Ipv4.headerLength(memory, AT)).isEqualTo(24);
        assertThat(Ipv4.trafficClass(memory, AT)).isEqualTo(0xfb);
        assertThat(Ipv4.totalLength(memory, AT)).isEqualTo(0x1234);
        assertThat(Ipv4.identification(memory, AT)).isEqualTo(0xabcd);
        assertThat(Ipv4.fragmentation(memory, AT)).isEqualTo(0x3fff);
        assertThat(Ipv4.isFragment(0x3fff)).isTrue();
        assertThat(Ipv4.fragmentOffset(0x3fff)).isEqualTo(65_528);
        assertThat(Ipv4.ttl(memory, AT)).isEqualTo(127);
        assertThat(Ipv4.protocol(memory, AT)).isEqualTo(6);
        assertThat(Ipv4.checksum(memory, AT)).isEqualTo(0xbeef);
        assertThat(Ipv4.source(memory, AT)).isEqualTo(0x0a00_0001);
        assertThat(Ipv4.destination(memory, AT)).isEqualTo(0x0a00_00fe);
        assertThat(Ipv4.toString(0xc0a8_00fe)).isEqualTo("192.168.0.254");
    }

    @Test
    void ipv4_wholePacket_isNoFragment() {
        assertThat(Ipv4.isFragment(Ipv4.DF)).isFalse();
        assertThat(Ipv4.isFragment(0)).isFalse();
        assertThat(Ipv4.isFragment(Ipv4.MF)).isTrue();
        assertThat(Ipv4.isFragment(1)).isTrue();
    }

    @Test
    void ipv4_longestHeader_readsAs60() {
        write("ff");

        assertThat(Ipv4.headerLength(memory, AT)).isEqualTo(Ipv4.MAX_HEADER_LENGTH);
        assertThat(Ipv4.version(memory, AT)).isEqualTo(15);
    }

    @Test
    void icmp_written_liesAsOnTheWire() {
        Icmpv4.write(memory, AT, Icmpv4.DESTINATION_UNREACHABLE, Icmpv4.FRAGMENTATION_NEEDED, 0xfffe);
        Icmpv4.checksum(memory, AT, 0xbeef);

        assertThat(hex(Icmpv4.HEADER_LENGTH)).isEqualTo("0304beef0000fffe");
        assertThat(Icmpv4.type(memory, AT)).isEqualTo(3);
        assertThat(Icmpv4.code(memory, AT)).isEqualTo(4);
        assertThat(Icmpv4.checksum(memory, AT)).isEqualTo(0xbeef);
        assertThat(Icmpv4.nextHopMtu(memory, AT)).isEqualTo(0xfffe);
        assertThat(Icmpv4.rest(memory, AT)).isEqualTo(0xfffe);
    }

    @Test
    void icmp_types_tellErrorsFromQueries() {
        assertThat(List.of(3, 4, 5, 11, 12)).allMatch(Icmpv4::isError);
        assertThat(List.of(0, 8, 9, 10, 13, 14, 255)).noneMatch(Icmpv4::isError);
    }

    @Test
    void tcp_written_liesAsOnTheWire() {
        memory.fill((byte) 0xaa);
        TcpHeader.write(memory, AT, 0xfedc, 0x0050, 0xf0000001, 0x80000002, 60, TcpHeader.CWR | TcpHeader.ACK, 0xfff0);
        TcpHeader.checksum(memory, AT, 0x9abc);

        assertThat(hex(TcpHeader.MIN_LENGTH)).isEqualTo("fedc0050f000000180000002f090fff09abc0000");
        assertThat(TcpHeader.sourcePort(memory, AT)).isEqualTo(0xfedc);
        assertThat(TcpHeader.destinationPort(memory, AT)).isEqualTo(80);
        assertThat(TcpHeader.seq(memory, AT)).isEqualTo(0xf0000001);
        assertThat(TcpHeader.ack(memory, AT)).isEqualTo(0x80000002);
        assertThat(TcpHeader.headerLength(memory, AT)).isEqualTo(60);
        assertThat(TcpHeader.flags(memory, AT)).isEqualTo(0x90);
        assertThat(TcpHeader.window(memory, AT)).isEqualTo(0xfff0);
        assertThat(TcpHeader.checksum(memory, AT)).isEqualTo(0x9abc);
        assertThat(TcpHeader.urgentPointer(memory, AT)).isZero();
    }

    @Test
    void tcp_flagsInOrder_areTheBitsOfTheHeader() {
        assertThat(new int[] {
                    TcpHeader.FIN, TcpHeader.SYN, TcpHeader.RST, TcpHeader.PSH,
                    TcpHeader.ACK, TcpHeader.URG, TcpHeader.ECE, TcpHeader.CWR
                })
                .containsExactly(1, 2, 4, 8, 16, 32, 64, 128);
    }

    private String hex(int length) {
        return HexFormat.of().formatHex(memory.toArray(ValueLayout.JAVA_BYTE), AT, AT + length);
    }

    private void write(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, AT, bytes.length);
    }
}
