package dev.jmtcp.driver.tap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.jmtcp.spi.RxFlags;
import java.lang.foreign.MemorySegment;

/**
 * The header that stands before each frame and says what is left to do on it: struct virtio_net_hdr of linux/virtio_net.h, in this machine's byte
 * order. Static functions that allocate nothing.
 *
 * <pre>
 *  0        1          2          4           6            8             10
 *  +--------+----------+----------+-----------+------------+-------------+
 *  | flags  | GSO type | hdr_len  | gso_size  | csum_start | csum_offset | frame …
 *  +--------+----------+----------+-----------+------------+-------------+
 * </pre>
 */
final class VirtioNetHeader {

    static final int LENGTH = 10;

    static final int FLAGS = 0;
    static final int GSO_TYPE = 1;
    static final int HDR_LEN = 2;
    static final int GSO_SIZE = 4;
    static final int CSUM_START = 6;
    static final int CSUM_OFFSET = 8;

    /** The checksum from csum_start on is still to be made: the frame comes from this machine. */
    static final int F_NEEDS_CSUM = 1;

    /** The checksum was checked. */
    static final int F_DATA_VALID = 2;

    static final int GSO_NONE = 0;
    static final int GSO_TCPV4 = 1;
    static final int GSO_TCPV6 = 4;

    /** Where in a TCP header its checksum is: RFC 9293 section 3.1. */
    private static final short TCP_CHECKSUM = 16;

    private VirtioNetHeader() {}

    /** What the header at this place says of a frame received: bits of {@link RxFlags}. */
    static int rxFlags(MemorySegment memory, long at) {
        int checksum = (memory.get(JAVA_BYTE, at + FLAGS) & (F_NEEDS_CSUM | F_DATA_VALID)) != 0
                ? RxFlags.TCP_CHECKSUM_GOOD
                : 0;
        return memory.get(JAVA_BYTE, at + GSO_TYPE) == GSO_NONE ? checksum : checksum | RxFlags.COALESCED;
    }

    /** Writes the header of a frame on which nothing is left to do. */
    static void writeNone(MemorySegment memory, long at) {
        memory.set(JAVA_LONG_UNALIGNED, at, 0);
        memory.set(JAVA_SHORT_UNALIGNED, at + CSUM_OFFSET, (short) 0);
    }

    /**
     * Writes the header of a frame whose TCP checksum is to be made, and which may have to be cut.
     *
     * @param tcp where in the frame the TCP header begins
     * @param headers bytes of all headers together
     * @param gsoType one of the constants above
     * @param segmentSize the payload of each segment; 0 for {@link #GSO_NONE}
     */
    static void writeTcp(MemorySegment memory, long at, int tcp, int headers, int gsoType, int segmentSize) {
        memory.set(JAVA_BYTE, at + FLAGS, (byte) F_NEEDS_CSUM);
        memory.set(JAVA_BYTE, at + GSO_TYPE, (byte) gsoType);
        memory.set(JAVA_SHORT_UNALIGNED, at + HDR_LEN, (short) headers);
        memory.set(JAVA_SHORT_UNALIGNED, at + GSO_SIZE, (short) segmentSize);
        memory.set(JAVA_SHORT_UNALIGNED, at + CSUM_START, (short) tcp);
        memory.set(JAVA_SHORT_UNALIGNED, at + CSUM_OFFSET, TCP_CHECKSUM);
    }
}
