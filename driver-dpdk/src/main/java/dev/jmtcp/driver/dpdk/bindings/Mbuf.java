package dev.jmtcp.driver.dpdk.bindings;

/**
 * A packet buffer: struct rte_mbuf, by its address. Static functions that allocate nothing.
 *
 * <pre>
 *  0          8         16         18       20        22     24         32            36       40
 *  +----------+---------+----------+--------+---------+------+----------+-------------+--------+----------+
 *  | buf_addr | iova    | data_off | refcnt | nb_segs | port | ol_flags | packet_type | pkt_len| data_len |
 *  +----------+---------+----------+--------+---------+------+----------+-------------+--------+----------+
 *  42         44         54        56     64     72
 *  | vlan_tci | RSS hash | buf_len | pool | next | tx_offload …                                      128
 * </pre>
 */
public final class Mbuf {

    public static final int SIZE = 128;
    public static final int BUF_ADDR = 0;
    public static final int DATA_OFF = 16;
    public static final int REFCNT = 18;
    public static final int NB_SEGS = 20;
    public static final int PORT = 22;
    public static final int OL_FLAGS = 24;
    public static final int PACKET_TYPE = 32;
    public static final int PKT_LEN = 36;
    public static final int DATA_LEN = 40;
    public static final int VLAN_TCI = 42;
    public static final int HASH = 44;
    public static final int BUF_LEN = 54;
    public static final int POOL = 56;
    public static final int NEXT = 64;
    public static final int TX_OFFLOAD = 72;

    /** Room before the frame in a fresh buffer: RTE_PKTMBUF_HEADROOM. */
    public static final int HEADROOM = 128;

    /** The longest buffer: its length is a number of 16 bits. */
    public static final int LONGEST_BUFFER = 0xffff;

    /** What stands from {@link #DATA_OFF} on in a fresh buffer: no port, one segment, one reference, headroom. */
    public static final long FRESH = 0xffff_0001_0001_0000L | HEADROOM;

    /** One reference and one segment, at {@link #REFCNT}. */
    private static final int SINGLE = 0x0001_0001;

    public static final long RX_RSS_HASH = 1 << 1;
    public static final long RX_L4_CHECKSUM_BAD = 1 << 3;
    public static final long RX_IP_CHECKSUM_BAD = 1 << 4;
    public static final long RX_IP_CHECKSUM_GOOD = 1 << 7;
    public static final long RX_L4_CHECKSUM_GOOD = 1 << 8;
    public static final long RX_LRO = 1 << 16;

    public static final long TX_TCP_SEG = 1L << 50;
    public static final long TX_TCP_CHECKSUM = 1L << 52;
    public static final long TX_IP_CHECKSUM = 1L << 54;
    public static final long TX_IPV4 = 1L << 55;
    public static final long TX_IPV6 = 1L << 56;

    /** The data is in memory that is not the buffer's own. */
    static final long EXTERNAL = 1L << 61;

    /** The data is that of another buffer. */
    static final long INDIRECT = 1L << 62;

    public static final int L3_LENGTH_SHIFT = 7;
    public static final int L4_LENGTH_SHIFT = 16;
    public static final int SEGMENT_SIZE_SHIFT = 24;

    private Mbuf() {}

    /** Where the frame, or this part of it, begins. */
    public static long data(long mbuf) {
        return Native.getLong(mbuf + BUF_ADDR) + Native.getShort(mbuf + DATA_OFF);
    }

    /** Bytes of this part of the frame. */
    public static int dataLength(long mbuf) {
        return Native.getShort(mbuf + DATA_LEN);
    }

    /** Bytes of the whole frame. */
    public static int packetLength(long mbuf) {
        return Native.getInt(mbuf + PKT_LEN);
    }

    public static long flags(long mbuf) {
        return Native.getLong(mbuf + OL_FLAGS);
    }

    public static int hash(long mbuf) {
        return Native.getInt(mbuf + HASH);
    }

    /** Whether the frame is in one piece, in the buffer's own memory, and nobody else has it. */
    public static boolean isPlain(long mbuf) {
        return Native.getInt(mbuf + REFCNT) == SINGLE && (flags(mbuf) & (EXTERNAL | INDIRECT)) == 0;
    }

    /** Makes a buffer out of a pool, which has no successor, a whole frame of a length. */
    public static void prepare(long mbuf, int length, long flags, long offload) {
        Native.setLong(mbuf + DATA_OFF, FRESH);
        Native.setLong(mbuf + OL_FLAGS, flags);
        Native.setLong(mbuf + PACKET_TYPE, (long) length << 32);
        Native.setLong(mbuf + DATA_LEN, length);
        Native.setLong(mbuf + TX_OFFLOAD, offload);
    }
}
