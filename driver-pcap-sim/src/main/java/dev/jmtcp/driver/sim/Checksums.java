package dev.jmtcp.driver.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The Internet checksum (RFC 1071): one's complement sums of 16-bit words. */
final class Checksums {

    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** The folded sum of words that contain their own right checksum. */
    static final int RIGHT = 0xffff;

    private Checksums() {}

    /** The sum of some bytes, to be folded; an odd last one counts as followed by 0. */
    static long sum(MemorySegment memory, long offset, int length) {
        long sum = 0;
        long at = offset;
        long end = offset + length;
        for (; at + 4 <= end; at += 4) {
            sum += memory.get(INT, at) & 0xffff_ffffL;
        }
        if (at + 2 <= end) {
            sum += memory.get(SHORT, at) & 0xffff;
            at += 2;
        }
        if (at < end) {
            sum += (memory.get(ValueLayout.JAVA_BYTE, at) & 0xff) << 8;
        }
        return sum;
    }

    static int fold(long sum) {
        long folded = (sum >>> 32) + (sum & 0xffff_ffffL);
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) folded;
    }

    /** Fills in a checksum; the field counts into the sum with what it holds. */
    static void fill(MemorySegment memory, long field, long start, int length) {
        memory.set(SHORT, field, (short) ~fold(sum(memory, start, length)));
    }
}
