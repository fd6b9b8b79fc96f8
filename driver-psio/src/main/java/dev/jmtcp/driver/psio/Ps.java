package dev.jmtcp.driver.psio;

/**
 * The device file of the PacketShader I/O engine: its ioctl() requests, which are plain numbers, and the layouts of their arguments on x86-64, in bytes. From
 * io_engine/include/ps.h of mTCP.
 *
 * <pre>
 *  struct ps_queue      0 ifindex   4 qidx                                                   8 bytes
 *  struct ps_pkt_info   0 offset    4 length   6 checksum_rx                                 8
 *  struct ps_device     0 name[16]  16 address[6]  24 IPv4  28 ifindex  32 kifindex
 *                       36 num_rx_queues  40 num_tx_queues                                  44
 *  struct ps_chunk      0 cnt  4 recv_blocking  8 queue  16 info*  24 buf*                  32
 *  struct ps_chunk_buf  0 cnt  2 next_to_use  4 next_to_send  8 next_offset  12 queue
 *                       24 lock*  32 info*  40 buf*                                         48
 *  struct ps_packet     0 ifindex   4 length   8 buf*                                       16
 *  struct ps_event      0 timeout   8 qidx  12 rx_nids  14 tx_nids                          16
 * </pre>
 */
final class Ps {

    static final String DEVICE = "/dev/packet_shader";

    static final int LIST_DEVICES = 0;
    static final int ATTACH_RX_DEVICE = 1;
    static final int DETACH_RX_DEVICE = 2;
    static final int RECV_CHUNK = 3;
    static final int SEND_CHUNK = 4;
    static final int SLOWPATH_PACKET = 5;
    static final int RECV_CHUNK_IFIDX = 6;
    static final int SEND_CHUNK_BUF = 7;
    static final int GET_TXENTRY = 8;
    static final int SELECT = 9;

    static final int MAX_DEVICES = 16;

    /** The most receive queues of one handle. The kernel does not look. */
    static final int MAX_RINGS = 64;

    static final int MAX_PACKET_SIZE = 2048;

    /** The most packets of a chunk, both of ps_chunk and of ps_chunk_buf. */
    static final int MAX_CHUNK_SIZE = 4096;

    /** The bytes that are mapped for each chunk. */
    static final long BUFFER = (long) MAX_PACKET_SIZE * MAX_CHUNK_SIZE;

    /** What begins at a multiple of this many bytes in a chunk: each packet. */
    static final int ALIGNMENT = 64;

    /** The most packets that one SEND_CHUNK_BUF takes, and the free descriptors with which SELECT finds a queue ready to send. */
    static final int SEND_MIN = 256;

    /** The lengths of packets that SLOWPATH_PACKET takes. */
    static final int SLOWPATH_SHORTEST = 14;

    static final int SLOWPATH_LONGEST = 1514;

    static final int QUEUE = 8;
    static final int QUEUE_IFINDEX = 0;
    static final int QUEUE_QIDX = 4;

    static final int INFO = 8;
    static final int INFO_OFFSET = 0;
    static final int INFO_LENGTH = 4;
    static final int INFO_CHECKSUM = 6;
    static final int CHECKSUM_UNKNOWN = 0;
    static final int CHECKSUM_GOOD = 1;
    static final int CHECKSUM_BAD = 2;

    static final int LISTED = 44;
    static final int LISTED_NAME = 0;
    static final int LISTED_NAME_LENGTH = 16;
    static final int LISTED_MAC = 16;
    static final int LISTED_IPV4 = 24;
    static final int LISTED_IFINDEX = 28;
    static final int LISTED_KIFINDEX = 32;
    static final int LISTED_RX_QUEUES = 36;
    static final int LISTED_TX_QUEUES = 40;

    static final int CHUNK = 32;
    static final int CHUNK_COUNT = 0;
    static final int CHUNK_BLOCKING = 4;
    static final int CHUNK_IFINDEX = 8;
    static final int CHUNK_QIDX = 12;
    static final int CHUNK_INFO = 16;
    static final int CHUNK_BUFFER = 24;

    static final int SEND = 48;
    static final int SEND_COUNT = 0;
    static final int SEND_NEXT_TO_USE = 2;
    static final int SEND_NEXT_TO_SEND = 4;
    static final int SEND_NEXT_OFFSET = 8;
    static final int SEND_IFINDEX = 12;
    static final int SEND_QIDX = 16;
    static final int SEND_LOCK = 24;
    static final int SEND_INFO = 32;
    static final int SEND_BUFFER = 40;

    static final int PACKET = 16;
    static final int PACKET_IFINDEX = 0;
    static final int PACKET_LENGTH = 4;
    static final int PACKET_BUFFER = 8;

    static final int EVENT = 16;
    static final int EVENT_TIMEOUT = 0;
    static final int EVENT_QIDX = 8;
    static final int EVENT_RX = 12;
    static final int EVENT_TX = 14;

    private Ps() {}
}
