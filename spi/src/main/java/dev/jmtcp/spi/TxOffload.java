package dev.jmtcp.spi;

/**
 * Work for the device on one frame to be sent, packed into a long: the {@code offload} of {@link PacketQueue#commit}.
 *
 * <pre>
 *  bit 63     56 55          40 39     32 31          16 15      8 7      0
 *     +---------+--------------+---------+--------------+---------+--------+
 *     |    0    | segment size |  TCP    |  IP header   | Ethernet| flags  |
 *     |         |    (MSS)     | header  |              | header  |        |
 *     +---------+--------------+---------+--------------+---------+--------+
 *                                 lengths in bytes
 * </pre>
 *
 * <p>With {@link #IPV4_CHECKSUM} the header checksum field holds 0. With {@link #TCP_CHECKSUM} the TCP checksum field holds the folded, not
 * complemented sum of the pseudo header, its length being that of the TCP header and payload in this frame; with
 * {@link #TCP_SEGMENTATION} it is the same sum, and a driver whose device wants it without the length takes it out.
 */
public final class TxOffload {

    /** Nothing to do. */
    public static final long NONE = 0;

    /** Fill in the IPv4 header checksum. */
    public static final int IPV4_CHECKSUM = 1;

    /** Fill in the TCP checksum. */
    public static final int TCP_CHECKSUM = 1 << 1;

    /** Cut the frame into segments of the given size; includes both checksums. */
    public static final int TCP_SEGMENTATION = 1 << 2;

    /** The packet is IPv6. */
    public static final int IPV6 = 1 << 3;

    private TxOffload() {}

    /**
     * @param flags the work, of the constants above
     * @param ethernetLength bytes before the IP header
     * @param ipLength bytes of the IP header with options
     * @param tcpLength bytes of the TCP header with options
     * @param segmentSize the payload bytes of each segment; 0 without {@link #TCP_SEGMENTATION}
     */
    public static long of(int flags, int ethernetLength, int ipLength, int tcpLength, int segmentSize) {
        return (long) segmentSize << 40
                | (long) tcpLength << 32
                | (long) ipLength << 16
                | (long) ethernetLength << 8
                | flags;
    }

    public static int flags(long offload) {
        return (int) offload & 0xff;
    }

    public static int ethernetLength(long offload) {
        return (int) (offload >>> 8) & 0xff;
    }

    public static int ipLength(long offload) {
        return (int) (offload >>> 16) & 0xffff;
    }

    public static int tcpLength(long offload) {
        return (int) (offload >>> 32) & 0xff;
    }

    public static int segmentSize(long offload) {
        return (int) (offload >>> 40) & 0xffff;
    }
}
