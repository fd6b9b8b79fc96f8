package dev.jmtcp.packetdrill.run;

/** Numbers in packets, big-endian, and the internet checksum. Written apart from the stack's own, so that neither hides a fault of the other. */
final class Bytes {

    private Bytes() {}

    static int u8(byte[] packet, int at) {
        return packet[at] & 0xff;
    }

    static int u16(byte[] packet, int at) {
        return u8(packet, at) << 8 | u8(packet, at + 1);
    }

    static int u32(byte[] packet, int at) {
        return u16(packet, at) << 16 | u16(packet, at + 2);
    }

    static void put8(byte[] packet, int at, int value) {
        packet[at] = (byte) value;
    }

    static void put16(byte[] packet, int at, int value) {
        put8(packet, at, value >> 8);
        put8(packet, at + 1, value);
    }

    static void put32(byte[] packet, int at, int value) {
        put16(packet, at, value >>> 16);
        put16(packet, at + 2, value);
    }

    /** The sum of 16-bit words, an odd byte filled up with zero. */
    static long sum(byte[] packet, int from, int to) {
        long sum = 0;
        for (int i = from; i + 1 < to; i += 2) {
            sum += u16(packet, i);
        }
        return (to - from) % 2 == 0 ? sum : sum + (u8(packet, to - 1) << 8);
    }

    /** The checksum of a sum (RFC 1071). */
    static int checksum(long sum) {
        long folded = sum;
        while (folded >> 16 != 0) {
            folded = (folded & 0xffff) + (folded >> 16);
        }
        return (int) ~folded & 0xffff;
    }

    /** The sum of the pseudo header of an IPv4 packet (RFC 9293 section 3.1). */
    static long pseudoHeader(byte[] packet, int protocol, int length) {
        return sum(packet, 12, 20) + protocol + length;
    }
}
