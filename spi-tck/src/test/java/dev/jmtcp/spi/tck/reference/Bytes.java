package dev.jmtcp.spi.tck.reference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Bytes on the wire, big-endian. */
final class Bytes {

    private Bytes() {}

    static boolean isTcp(MemorySegment memory, long offset, int length) {
        return length >= 54
                && int16(memory, offset + 12) == 0x0800
                && memory.get(JAVA_BYTE, offset + 14) == 0x45
                && memory.get(JAVA_BYTE, offset + 14 + 9) == 6;
    }

    static int int16(MemorySegment memory, long offset) {
        return (memory.get(JAVA_BYTE, offset) & 0xff) << 8 | memory.get(JAVA_BYTE, offset + 1) & 0xff;
    }

    static int int32(MemorySegment memory, long offset) {
        return int16(memory, offset) << 16 | int16(memory, offset + 2);
    }

    static void int16(MemorySegment memory, long offset, int value) {
        memory.set(JAVA_BYTE, offset, (byte) (value >>> 8));
        memory.set(JAVA_BYTE, offset + 1, (byte) value);
    }

    static void int32(MemorySegment memory, long offset, int value) {
        int16(memory, offset, value >>> 16);
        int16(memory, offset + 2, value);
    }

    /** RFC 1071, over an even place in the packet. */
    static int checksum(MemorySegment memory, long offset, int length, int start) {
        long sum = start;
        for (int i = 0; i + 1 < length; i += 2) {
            sum += int16(memory, offset + i);
        }
        if ((length & 1) != 0) {
            sum += (memory.get(JAVA_BYTE, offset + length - 1) & 0xff) << 8;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        return (int) ~sum & 0xffff;
    }
}
