package dev.jmtcp.core.wire;

import java.lang.foreign.MemorySegment;

/**
 * The IPv4 header (RFC 791). Addresses are ints, the first octet the highest byte.
 *
 * <pre>
 *    0       4       8               16    19                       31
 *   +-------+-------+---------------+-------------------------------+
 * 0 |version| words | DSCP and ECN  |         total length          |
 *   +-------+-------+---------------+-----+-------------------------+
 * 4 |        identification         |0 D M|  fragment offset / 8    |
 *   +---------------+---------------+-----+-------------------------+
 * 8 |      TTL      |   protocol    |       header checksum         |
 *   +---------------+---------------+-------------------------------+
 *12 |                            source                             |
 *   +---------------------------------------------------------------+
 *16 |                          destination                          |
 *   +---------------------------------------------------------------+
 *20 |                      options, 0 to 40 bytes                   |
 * </pre>
 */
public final class Ipv4 {

    /** The length of a header without options. */
    public static final int HEADER_LENGTH = 20;

    public static final int MAX_HEADER_LENGTH = 60;
    public static final int MAX_TOTAL_LENGTH = 65_535;

    /** The MTU that every link takes (RFC 791 section 3.2). */
    public static final int MIN_MTU = 68;

    /** Congestion Experienced, the bits of ECN in {@link #trafficClass} (RFC 3168 section 5). */
    public static final int CE = 3;

    /** Don't Fragment, in {@link #fragmentation}. */
    public static final int DF = 0x4000;

    /** More Fragments, in {@link #fragmentation}. */
    public static final int MF = 0x2000;

    public static final int PROTOCOL_ICMP = 1;
    public static final int PROTOCOL_TCP = 6;
    public static final int PROTOCOL_UDP = 17;

    private static final int OFFSET_MASK = 0x1fff;

    private Ipv4() {}

    /** The first eight bytes: all up to flags and fragment offset. */
    public static long first(MemorySegment memory, long offset) {
        return memory.get(Layouts.LONG, offset);
    }

    /** The next eight bytes: TTL, protocol, checksum, source. */
    public static long second(MemorySegment memory, long offset) {
        return memory.get(Layouts.LONG, offset + 8);
    }

    /** Whether these {@linkplain #first two} {@linkplain #second pieces} are of an IPv4 header without options, not of a fragment, of a TCP segment. */
    public static boolean isPlainTcp(long first, long second) {
        return first >>> 56 == 0x45
                && !isFragment((int) first & 0xffff)
                && (int) (second >>> 48 & 0xff) == PROTOCOL_TCP;
    }

    /** Whether the checksum of a header without options is right, given its two pieces and its destination. */
    public static boolean isChecksumRight(long first, long second, int destination) {
        return Checksum.fold(Checksum.halves(first) + Checksum.halves(second) + (destination & 0xffff_ffffL)) == 0xffff;
    }

    public static int version(MemorySegment memory, long offset) {
        return memory.get(Layouts.BYTE, offset) >>> 4 & 0xf;
    }

    /** In bytes, options included; from 0 to 60. */
    public static int headerLength(MemorySegment memory, long offset) {
        return (memory.get(Layouts.BYTE, offset) & 0xf) << 2;
    }

    /** DSCP and ECN: the TOS octet. */
    public static int trafficClass(MemorySegment memory, long offset) {
        return memory.get(Layouts.BYTE, offset + 1) & 0xff;
    }

    /** In bytes, header included. */
    public static int totalLength(MemorySegment memory, long offset) {
        return memory.get(Layouts.SHORT, offset + 2) & 0xffff;
    }

    public static int identification(MemorySegment memory, long offset) {
        return memory.get(Layouts.SHORT, offset + 4) & 0xffff;
    }

    /** The flags {@link #DF} and {@link #MF} and the fragment offset in units of eight bytes. */
    public static int fragmentation(MemorySegment memory, long offset) {
        return memory.get(Layouts.SHORT, offset + 6) & 0xffff;
    }

    /** Whether this is a fragment, given its {@link #fragmentation}. */
    public static boolean isFragment(int fragmentation) {
        return (fragmentation & (MF | OFFSET_MASK)) != 0;
    }

    /** The fragment offset in bytes, given the {@link #fragmentation}. */
    public static int fragmentOffset(int fragmentation) {
        return (fragmentation & OFFSET_MASK) << 3;
    }

    public static int ttl(MemorySegment memory, long offset) {
        return memory.get(Layouts.BYTE, offset + 8) & 0xff;
    }

    public static int protocol(MemorySegment memory, long offset) {
        return memory.get(Layouts.BYTE, offset + 9) & 0xff;
    }

    public static int checksum(MemorySegment memory, long offset) {
        return memory.get(Layouts.SHORT, offset + 10) & 0xffff;
    }

    public static int source(MemorySegment memory, long offset) {
        return memory.get(Layouts.INT, offset + 12);
    }

    public static int destination(MemorySegment memory, long offset) {
        return memory.get(Layouts.INT, offset + 16);
    }

    /**
     * Writes a header of 20 bytes.
     *
     * @param totalLength the bytes of header and payload
     * @param fragmentation flags and fragment offset in units of eight bytes
     * @param withChecksum whether to fill in the header checksum; 0 is written otherwise
     */
    public static void write(
            MemorySegment memory,
            long offset,
            int trafficClass,
            int totalLength,
            int identification,
            int fragmentation,
            int ttl,
            int protocol,
            int source,
            int destination,
            boolean withChecksum) {
        int first = 0x4500_0000 | trafficClass << 16 | totalLength;
        int second = identification << 16 | fragmentation;
        int third = ttl << 24 | protocol << 16;
        if (withChecksum) {
            third |= Checksum.finish((first & 0xffff_ffffL)
                    + (second & 0xffff_ffffL)
                    + (third & 0xffff_ffffL)
                    + (source & 0xffff_ffffL)
                    + (destination & 0xffff_ffffL));
        }
        memory.set(Layouts.LONG, offset, (long) first << 32 | second & 0xffff_ffffL);
        memory.set(Layouts.LONG, offset + 8, (long) third << 32 | source & 0xffff_ffffL);
        memory.set(Layouts.INT, offset + 16, destination);
    }

    /** Makes a whole packet of this length of a fragment's header: no longer a fragment, the checksum anew. */
    public static void makeWhole(MemorySegment memory, long offset, int headerLength, int totalLength) {
        memory.set(Layouts.SHORT, offset + 2, (short) totalLength);
        memory.set(Layouts.SHORT, offset + 6, (short) 0);
        renewChecksum(memory, offset, headerLength);
    }

    /** Changes DSCP and ECN, and the checksum with them. */
    public static void trafficClass(MemorySegment memory, long offset, int headerLength, int trafficClass) {
        memory.set(Layouts.BYTE, offset + 1, (byte) trafficClass);
        renewChecksum(memory, offset, headerLength);
    }

    private static void renewChecksum(MemorySegment memory, long offset, int headerLength) {
        memory.set(Layouts.SHORT, offset + 10, (short) 0);
        memory.set(Layouts.SHORT, offset + 10, (short) Checksum.finish(Checksum.sum(memory, offset, headerLength)));
    }

    /** An address in dotted form; allocates. */
    public static String toString(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }
}
