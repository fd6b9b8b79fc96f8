package dev.jmtcp.driver.onvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FlowHashTest {

    private static final String ETHERNET = "020000000002 020000000001 0800";
    private static final String TCP_REST = "0000000000000000 50100000 00000000";

    /** Of rte_softrss_be with openNetVM's key over 10.0.0.1:1025 and 10.0.0.2:80. */
    private static final int OF_PORTS = 0x57ab57ab;

    /** The same without ports. */
    private static final int OF_ADDRESSES = 0xadfbadfb;

    private final FlowHash hash = new FlowHash();

    private int of(String... frame) {
        byte[] bytes = HexFormat.of().parseHex(String.join("", frame).replace(" ", ""));
        // Not at the beginning of the memory, and nothing behind: reads beyond the frame fail.
        MemorySegment memory = Arena.ofAuto().allocate(bytes.length + 6L);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 6, bytes.length);
        return hash.of(memory, 6, bytes.length);
    }

    private static String ip(String firstByte, String fragment, String protocol, String source, String destination) {
        return firstByte + "00 0028 0000" + fragment + "40" + protocol + "0000" + source + destination;
    }

    @Test
    void tcp_hasTheHashOfOpenNetVm() {
        assertThat(of(ETHERNET, ip("45", "4000", "06", "0a000001", "0a000002"), "04010050", TCP_REST))
                .isEqualTo(OF_PORTS);
        assertThat(of(ETHERNET, ip("45", "0000", "06", "c0a80a07", "08080404"), "c3cb01bb", TCP_REST))
                .isEqualTo(0x3b6b3b6b);
    }

    @Test
    void theOtherDirection_hasTheSameHash() {
        assertThat(of(ETHERNET, ip("45", "4000", "06", "0a000002", "0a000001"), "00500401", TCP_REST))
                .isEqualTo(OF_PORTS);
    }

    @Test
    void ipOptions_doNotHideThePorts() {
        assertThat(of(ETHERNET, ip("46", "4000", "06", "0a000001", "0a000002"), "01010101", "04010050", TCP_REST))
                .isEqualTo(OF_PORTS);
    }

    @Test
    void udp_isHashedWithPorts() {
        assertThat(of(ETHERNET, ip("45", "4000", "11", "0a000001", "0a000002"), "04010050", "00080000"))
                .isEqualTo(OF_PORTS);
    }

    @Test
    void otherIp_isHashedByAddresses() {
        assertThat(of(ETHERNET, ip("45", "0000", "01", "0a000001", "0a000002"), "08000000"))
                .isEqualTo(OF_ADDRESSES);
    }

    @Test
    void fragments_areHashedByAddresses() {
        assertThat(of(ETHERNET, ip("45", "2000", "06", "0a000001", "0a000002"), "04010050", TCP_REST))
                .isEqualTo(OF_ADDRESSES);
        assertThat(of(ETHERNET, ip("45", "0002", "06", "0a000001", "0a000002"), "04010050", TCP_REST))
                .isEqualTo(OF_ADDRESSES);
    }

    @Test
    void framesTooShortForPorts_areHashedByAddresses() {
        assertThat(of(ETHERNET, ip("45", "0000", "06", "0a000001", "0a000002"), "040100"))
                .isEqualTo(OF_ADDRESSES);
        assertThat(of(ETHERNET, ip("4f", "0000", "06", "0a000001", "0a000002"), "04010050", TCP_REST))
                .isEqualTo(OF_ADDRESSES);
        assertThat(of(ETHERNET, ip("44", "0000", "06", "0a000001", "0a000002"), "04010050", TCP_REST))
                .isEqualTo(OF_ADDRESSES);
    }

    @Test
    void whatIsNotIp_isZero() {
        assertThat(of(
                        "ffffffffffff 020000000001 0806",
                        "0001080006040001",
                        "020000000001",
                        "0a000001",
                        "00".repeat(10)))
                .isZero();
        assertThat(of("0200")).isZero();
        assertThat(of(ETHERNET, "4500")).isZero();
    }
}
