package dev.jmtcp.core.wire;

import java.lang.foreign.MemorySegment;

/**
 * The Ethernet II header (RFC 894). Hardware addresses are the low 48 bits of a long, the first octet on the wire the highest.
 *
 * <pre>
 *   0           6           12      14
 *   +-----------+-----------+-------+----------
 *   |destination|  source   | type  | payload …
 *   +-----------+-----------+-------+----------
 * </pre>
 */
public final class Ethernet {

    public static final int HEADER_LENGTH = 14;
    public static final int TYPE_IPV4 = 0x0800;
    public static final int TYPE_ARP = 0x0806;
    public static final int TYPE_IPV6 = 0x86dd;

    /** The broadcast address. */
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final long GROUP = 1L << 40;

    private Ethernet() {}

    public static long destination(MemorySegment memory, long offset) {
        return memory.get(Layouts.LONG, offset) >>> 16;
    }

    public static long source(MemorySegment memory, long offset) {
        return memory.get(Layouts.LONG, offset + 4) & BROADCAST;
    }

    public static int type(MemorySegment memory, long offset) {
        return memory.get(Layouts.SHORT, offset + 12) & 0xffff;
    }

    /** Writes the 14 bytes. */
    public static void write(MemorySegment memory, long offset, long destination, long source, int type) {
        memory.set(Layouts.LONG, offset, destination << 16 | source >>> 32);
        memory.set(Layouts.LONG, offset + 6, source << 16 | type);
    }

    /** Whether the group bit is set: multicast or broadcast. */
    public static boolean isGroup(long address) {
        return (address & GROUP) != 0;
    }

    static long address(MemorySegment memory, long offset) {
        return (memory.get(Layouts.SHORT, offset) & 0xffffL) << 32 | memory.get(Layouts.INT, offset + 2) & 0xffff_ffffL;
    }
}
