package dev.jmtcp.core.wire;

import java.lang.foreign.MemorySegment;

/**
 * The ICMP header (RFC 792).
 *
 * <pre>
 *   0      1      2              4                            8
 *   +------+------+--------------+----------------------------+------------------
 *   | type | code |   checksum   | by type: identifier and    | data, or for errors the IP
 *   |      |      |              | sequence, next-hop MTU, …  | header and first bytes in question
 *   +------+------+--------------+----------------------------+------------------
 * </pre>
 */
public final class Icmpv4 {

    public static final int HEADER_LENGTH = 8;

    public static final int ECHO_REPLY = 0;
    public static final int DESTINATION_UNREACHABLE = 3;
    public static final int SOURCE_QUENCH = 4;
    public static final int REDIRECT = 5;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;

    /** Codes of {@link #DESTINATION_UNREACHABLE} (RFC 792; 6 to 12 RFC 1122 section 3.2.2.1; 13 to 15 RFC 1812 section 5.2.7.1). */
    public static final int NETWORK_UNREACHABLE = 0;

    public static final int HOST_UNREACHABLE = 1;
    public static final int PROTOCOL_UNREACHABLE = 2;
    public static final int PORT_UNREACHABLE = 3;
    public static final int FRAGMENTATION_NEEDED = 4;
    public static final int SOURCE_ROUTE_FAILED = 5;
    public static final int NETWORK_UNKNOWN = 6;
    public static final int HOST_UNKNOWN = 7;
    public static final int SOURCE_HOST_ISOLATED = 8;
    public static final int NETWORK_PROHIBITED = 9;
    public static final int HOST_PROHIBITED = 10;
    public static final int NETWORK_UNREACHABLE_FOR_SERVICE = 11;
    public static final int HOST_UNREACHABLE_FOR_SERVICE = 12;
    public static final int PROHIBITED = 13;
    public static final int PRECEDENCE_VIOLATION = 14;
    public static final int PRECEDENCE_CUTOFF = 15;

    /** A code of {@link #TIME_EXCEEDED}: not the TTL, but the time for fragments to come. */
    public static final int REASSEMBLY_TIME_EXCEEDED = 1;

    private Icmpv4() {}

    public static int type(MemorySegment memory, long offset) {
        return memory.get(Layouts.BYTE, offset) & 0xff;
    }

    /** Changes the type; the checksum is the caller's business. */
    public static void type(MemorySegment memory, long offset, int type) {
        memory.set(Layouts.BYTE, offset, (byte) type);
    }

    public static int code(MemorySegment memory, long offset) {
        return memory.get(Layouts.BYTE, offset + 1) & 0xff;
    }

    public static int checksum(MemorySegment memory, long offset) {
        return memory.get(Layouts.SHORT, offset + 2) & 0xffff;
    }

    public static void checksum(MemorySegment memory, long offset, int checksum) {
        memory.set(Layouts.SHORT, offset + 2, (short) checksum);
    }

    /** The second word, whose meaning depends on the type. */
    public static int rest(MemorySegment memory, long offset) {
        return memory.get(Layouts.INT, offset + 4);
    }

    /** The MTU of the next hop in a {@link #FRAGMENTATION_NEEDED} (RFC 1191 section 4); 0 from a router that does not say. */
    public static int nextHopMtu(MemorySegment memory, long offset) {
        return memory.get(Layouts.SHORT, offset + 6) & 0xffff;
    }

    /** Whether a type is an error message: one that quotes a packet (RFC 1122 section 3.2.2). */
    public static boolean isError(int type) {
        return switch (type) {
            case DESTINATION_UNREACHABLE, SOURCE_QUENCH, REDIRECT, TIME_EXCEEDED, PARAMETER_PROBLEM -> true;
            default -> false;
        };
    }

    /** Writes the eight bytes, the checksum field 0. */
    public static void write(MemorySegment memory, long offset, int type, int code, int rest) {
        memory.set(Layouts.INT, offset, type << 24 | code << 16);
        memory.set(Layouts.INT, offset + 4, rest);
    }
}
