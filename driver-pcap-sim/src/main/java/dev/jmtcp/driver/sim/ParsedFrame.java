package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.RxFlags;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What a device sees in a received frame: where its headers lie, and whether its checksums are right. Used again for each frame. */
final class ParsedFrame {

    static final int ETHERNET = WireConfig.ETHERNET_HEADER;
    static final int IPV6_HEADER = 40;

    private static final int IPV4_HEADER = 20;
    private static final int TCP_HEADER = 20;
    private static final int TCP = 6;
    private static final int FRAGMENT = 0x3fff;

    /** Verdicts of {@link RxFlags}. */
    int flags;

    /** Whether it is a whole TCP segment; what follows is set only then. */
    boolean isTcp;

    boolean isIpv6;
    long ip;
    int ipHeader;
    long tcp;
    int tcpHeader;
    int payload;

    void parse(MemorySegment memory, long offset, int length) {
        flags = 0;
        isTcp = false;
        if (length < ETHERNET) {
            return;
        }
        ip = offset + ETHERNET;
        int left = length - ETHERNET;
        switch (memory.get(Checksums.SHORT, offset + ETHERNET - 2) & 0xffff) {
            case 0x0800 -> parseIpv4(memory, left);
            case 0x86dd -> parseIpv6(memory, left);
            default -> {
                // nothing to check
            }
        }
    }

    /** The bytes up to the end of the payload, without what padding follows. */
    int length() {
        return ETHERNET + ipHeader + tcpHeader + payload;
    }

    private void parseIpv4(MemorySegment memory, int left) {
        int first = memory.get(ValueLayout.JAVA_BYTE, ip);
        ipHeader = (first & 0xf) * 4;
        if (left < IPV4_HEADER || (first & 0xf0) != 0x40 || ipHeader < IPV4_HEADER || ipHeader > left) {
            return;
        }
        isIpv6 = false;
        boolean right = Checksums.fold(Checksums.sum(memory, ip, ipHeader)) == Checksums.RIGHT;
        flags = right ? RxFlags.IP_CHECKSUM_GOOD : RxFlags.IP_CHECKSUM_BAD;
        int total = memory.get(Checksums.SHORT, ip + 2) & 0xffff;
        boolean whole = (memory.get(Checksums.SHORT, ip + 6) & FRAGMENT) == 0;
        if (right && whole && memory.get(ValueLayout.JAVA_BYTE, ip + 9) == TCP && total <= left) {
            parseTcp(memory, total - ipHeader, Checksums.sum(memory, ip + 12, 8));
        }
    }

    private void parseIpv6(MemorySegment memory, int left) {
        ipHeader = IPV6_HEADER;
        if (left < IPV6_HEADER || memory.get(ValueLayout.JAVA_BYTE, ip + 6) != TCP) {
            return;
        }
        isIpv6 = true;
        int length = memory.get(Checksums.SHORT, ip + 4) & 0xffff;
        if (length <= left - IPV6_HEADER) {
            parseTcp(memory, length, Checksums.sum(memory, ip + 8, 32));
        }
    }

    private void parseTcp(MemorySegment memory, int length, long addresses) {
        if (length < TCP_HEADER) {
            return;
        }
        tcp = ip + ipHeader;
        tcpHeader = (memory.get(ValueLayout.JAVA_BYTE, tcp + 12) >>> 4 & 0xf) * 4;
        payload = length - tcpHeader;
        isTcp = tcpHeader >= TCP_HEADER && payload >= 0;
        int sum = Checksums.fold(addresses + TCP + length + Checksums.sum(memory, tcp, length));
        flags |= sum == Checksums.RIGHT ? RxFlags.TCP_CHECKSUM_GOOD : RxFlags.TCP_CHECKSUM_BAD;
    }
}
