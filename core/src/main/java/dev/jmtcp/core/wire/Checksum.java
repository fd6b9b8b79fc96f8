package dev.jmtcp.core.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit words.
 *
 * <p>A partial sum is a long below 2<sup>20</sup>, as the methods here return it. Partial sums are combined by adding them, up to
 * 2<sup>40</sup> of them; one of a piece that begins at an odd place of the whole goes through {@link #swap} first. {@link #fold} makes the
 * 16-bit sum of it, {@link #finish} what goes into a header field. A sum over data that holds its own right checksum folds to 0xffff.
 */
public final class Checksum {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Checksum() {}

    /**
     * The sum of some bytes, as if a zero byte followed an odd number of them. They may begin at any address.
     *
     * @param length at most 2<sup>31</sup> − 1; 0 or less is a sum of nothing
     */
    public static long sum(MemorySegment memory, long offset, int length) {
        // RFC 1071 section 2 (B) and (C): the sum may be taken in the machine's own byte order and of wider words, then
        // folded and swapped.
        // The compiler turns a loop as plain as this into vector instructions.
        long sum = 0;
        int i = 0;
        for (; i < length - 3; i += 4) {
            sum += memory.get(INT, offset + i) & 0xffff_ffffL;
        }
        if (i < length - 1) {
            sum += memory.get(SHORT, offset + i) & 0xffffL;
            i += 2;
        }
        if (i < length) {
            long last = memory.get(ValueLayout.JAVA_BYTE, offset + i) & 0xffL;
            sum += LITTLE_ENDIAN ? last : last << 8;
        }
        return LITTLE_ENDIAN ? swap(sum) : fold(sum);
    }

    /** The sum in 16 bits. */
    public static int fold(long sum) {
        sum = (sum & 0xffff_ffffL) + (sum >>> 32);
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        return (int) ((sum & 0xffff) + (sum >>> 16));
    }

    /** The sum of the same bytes placed one further: for a piece that follows an odd number of bytes (RFC 1071 section 2 (B)). */
    public static long swap(long sum) {
        long folded = fold(sum);
        return folded << 8 & 0xff00 | folded >>> 8;
    }

    /** What goes into the checksum field. */
    public static int finish(long sum) {
        return ~fold(sum) & 0xffff;
    }

    /**
     * The checksum after a 16-bit word of the data has changed (RFC 1624 equation 3).
     *
     * @param checksum the checksum field before
     * @param before the word before
     * @param after the word now
     */
    public static int update(int checksum, int before, int after) {
        return finish((~checksum & 0xffffL) + (~before & 0xffffL) + (after & 0xffffL));
    }

    /**
     * The partial sum of the IPv4 pseudo header (RFC 9293 section 3.1).
     *
     * @param length the bytes of the transport header and payload
     */
    public static long pseudoHeader(int source, int destination, int protocol, int length) {
        return fold((source & 0xffff_ffffL) + (destination & 0xffff_ffffL) + protocol + length);
    }

    /**
     * The partial sum of the IPv6 pseudo header (RFC 8200 section 8.1).
     *
     * @param length the bytes of the upper-layer header and payload
     */
    public static long pseudoHeader(
            long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int nextHeader, int length) {
        return fold(halves(sourceHigh)
                + halves(sourceLow)
                + halves(destinationHigh)
                + halves(destinationLow)
                + nextHeader
                + length);
    }

    private static long halves(long value) {
        return (value & 0xffff_ffffL) + (value >>> 32);
    }
}
