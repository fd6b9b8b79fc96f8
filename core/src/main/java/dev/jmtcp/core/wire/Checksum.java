package dev.jmtcp.core.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit words.
 *
 * <p>A partial sum is a long below 2<sup>34</sup>, as the methods here return it. Partial sums are combined by adding them, up to
 * 2<sup>29</sup> of them; one of a piece that begins at an odd place of the whole goes through {@link #swap} first. {@link #fold} makes the
 * 16-bit sum of it, {@link #finish} what goes into a header field. A sum over data that holds its own right checksum folds to 0xffff.
 */
public final class Checksum {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    /** From so many bytes on the compiler's vector instructions are worth their beginning and end. */
    private static final int LONG_ENOUGH = 256;

    private Checksum() {}

    /**
     * The sum of some bytes, as if a zero byte followed an odd number of them. They may begin at any address.
     *
     * @param length at most 2<sup>31</sup> − 1; 0 or less is a sum of nothing
     */
    public static long sum(MemorySegment memory, long offset, int length) {
        if (length <= 0) {
            return 0;
        }
        // RFC 1071 section 2 (B) and (C): the sum may be taken in the machine's own byte order and of wider words, then
        // folded and swapped.
        long sum = length < LONG_ENOUGH ? shortSum(memory, offset, length) : longSum(memory, offset, length);
        // All eight bytes turned round: each word's two are, and where the words stand does not matter.
        return halves(LITTLE_ENDIAN ? Long.reverseBytes(sum) : sum);
    }

    /**
     * The same of a TCP header that has just been written, in pieces that {@link TcpHeader#write} and the options have written in one or in larger ones:
     * others would have to wait until they have left the processor's store buffer.
     *
     * @param length a multiple of 4, at least 20
     */
    public static long headerSum(MemorySegment memory, long offset, int length) {
        long sum = halves(memory.get(LONG, offset)) + halves(memory.get(LONG, offset + 8));
        for (int i = 16; i < length; i += 4) {
            sum += word(memory, offset + i);
        }
        return halves(LITTLE_ENDIAN ? Long.reverseBytes(sum) : sum);
    }

    private static long word(MemorySegment memory, long offset) {
        return memory.get(INT, offset) & 0xffff_ffffL;
    }

    private static long shortSum(MemorySegment memory, long offset, int length) {
        long sum = 0;
        long at = offset;
        int left = length;
        for (; left >= 16; left -= 16) {
            sum += halves(memory.get(LONG, at)) + halves(memory.get(LONG, at + 8));
            at += 16;
        }
        if ((left & 8) != 0) {
            sum += halves(memory.get(LONG, at));
            at += 8;
        }
        if ((left & 4) != 0) {
            sum += word(memory, at);
            at += 4;
        }
        return sum + lastSum(memory, at, left & 3);
    }

    private static long longSum(MemorySegment memory, long offset, int length) {
        // The compiler turns a loop as plain as this into vector instructions.
        long sum = 0;
        int i = 0;
        for (; i < length - 3; i += 4) {
            sum += word(memory, offset + i);
        }
        return sum + lastSum(memory, offset + i, length - i);
    }

    /** The sum of up to three bytes. */
    private static long lastSum(MemorySegment memory, long offset, int length) {
        long sum = 0;
        long at = offset;
        if (length >= 2) {
            sum = memory.get(SHORT, at) & 0xffffL;
            at += 2;
        }
        if ((length & 1) != 0) {
            long last = memory.get(ValueLayout.JAVA_BYTE, at) & 0xffL;
            sum += LITTLE_ENDIAN ? last : last << 8;
        }
        return sum;
    }

    /** The sum in 16 bits. */
    public static int fold(long sum) {
        // A number and itself with its halves exchanged add up to the sum of the halves, with the carry, in the upper
        // one.
        int words = (int) (sum + Long.rotateRight(sum, 32) >>> 32);
        return words + Integer.rotateRight(words, 16) >>> 16;
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
        return (source & 0xffff_ffffL) + (destination & 0xffff_ffffL) + protocol + length;
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

    /** The sum of the two halves of eight bytes, big-endian ones or not. */
    static long halves(long value) {
        return (value & 0xffff_ffffL) + (value >>> 32);
    }
}
