package dev.jmtcp.core.wire;

import java.lang.foreign.MemorySegment;

/**
 * An ARP packet for IPv4 over Ethernet (RFC 826). Hardware addresses are the low 48 bits of a long.
 *
 * <pre>
 *   0        2        4    5    6        8          14        18         24        28
 *   +--------+--------+----+----+--------+----------+---------+----------+---------+
 *   | hw = 1 |pr=0800 |hl=6|pl=4|operat. |sender MAC|sender IP|target MAC|target IP|
 *   +--------+--------+----+----+--------+----------+---------+----------+---------+
 * </pre>
 */
public final class Arp {

    public static final int LENGTH = 28;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    /** Hardware type 1, protocol type 0x0800, hardware address length 6, protocol address length 4. */
    private static final int HARDWARE_AND_PROTOCOL = 1 << 16 | Ethernet.TYPE_IPV4;

    private static final int LENGTHS = 6 << 8 | 4;

    private Arp() {}

    /** Whether these bytes are a whole ARP packet for IPv4 over Ethernet; looks at no more than {@code length} bytes. */
    public static boolean isIpv4OverEthernet(MemorySegment memory, long offset, int length) {
        return length >= LENGTH
                && memory.get(Layouts.INT, offset) == HARDWARE_AND_PROTOCOL
                && memory.get(Layouts.SHORT, offset + 4) == LENGTHS;
    }

    public static int operation(MemorySegment memory, long offset) {
        return memory.get(Layouts.SHORT, offset + 6) & 0xffff;
    }

    public static long senderHardware(MemorySegment memory, long offset) {
        return Ethernet.address(memory, offset + 8);
    }

    public static int senderAddress(MemorySegment memory, long offset) {
        return memory.get(Layouts.INT, offset + 14);
    }

    public static long targetHardware(MemorySegment memory, long offset) {
        return Ethernet.address(memory, offset + 18);
    }

    public static int targetAddress(MemorySegment memory, long offset) {
        return memory.get(Layouts.INT, offset + 24);
    }

    /** Writes the 28 bytes. */
    public static void write(
            MemorySegment memory,
            long offset,
            int operation,
            long senderHardware,
            int senderAddress,
            long targetHardware,
            int targetAddress) {
        memory.set(Layouts.INT, offset, HARDWARE_AND_PROTOCOL);
        memory.set(Layouts.INT, offset + 4, LENGTHS << 16 | operation);
        memory.set(Layouts.LONG, offset + 8, senderHardware << 16 | senderAddress >>> 16);
        memory.set(Layouts.LONG, offset + 16, (long) senderAddress << 48 | targetHardware);
        memory.set(Layouts.INT, offset + 24, targetAddress);
    }
}
