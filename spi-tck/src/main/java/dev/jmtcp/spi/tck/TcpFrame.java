package dev.jmtcp.spi.tck;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.jmtcp.spi.Toeplitz;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;

/**
 * A TCP segment over IPv4 in an Ethernet frame, for what devices do with such: hash, checksum, segment. Without options; the flow's
 * number makes its addresses and ports. Addresses are those of RFC 2544 benchmarks (198.18.0.0/15), which no network routes.
 */
final class TcpFrame {

    static final int ETHERNET = 14;
    static final int IP = 20;
    static final int TCP = 20;
    static final int HEADERS = ETHERNET + IP + TCP;

    /** The sequence number of the first payload byte. */
    static final int FIRST_SEQUENCE = 0xfffffc00;

    private static final int ETHER_TYPE_IPV4 = 0x0800;
    private static final int PROTOCOL_TCP = 6;
    private static final int ACK_PSH = 0x18;
    private static final int SOURCE_NETWORK = 0xc6120000;
    private static final int DESTINATION = 0xc6130001;
    private static final int DESTINATION_PORT = 80;

    private TcpFrame() {}

    /**
     * Writes the segment. The checksums are right where {@code offload} (flags of {@link TxOffload}) leaves them to us, else what
     * {@link TxOffload} asks for.
     *
     * @param flow 0 to 65535
     */
    static void write(
            MemorySegment memory, long offset, int flow, int payload, int offload, long destination, long source) {
        TestFrame.header(memory, offset, destination, source, ETHER_TYPE_IPV4);
        boolean segmentation = (offload & TxOffload.TCP_SEGMENTATION) != 0;

        long ip = offset + ETHERNET;
        memory.set(TestFrame.INT, ip, 0x4500_0000 | IP + TCP + payload);
        memory.set(TestFrame.INT, ip + 4, 0x0000_4000); // don't fragment
        memory.set(TestFrame.INT, ip + 8, 64 << 24 | PROTOCOL_TCP << 16);
        memory.set(TestFrame.INT, ip + 12, source(flow));
        memory.set(TestFrame.INT, ip + 16, DESTINATION);
        if (!segmentation && (offload & TxOffload.IPV4_CHECKSUM) == 0) {
            memory.set(TestFrame.SHORT, ip + 10, (short) ~fold(sum(memory, ip, IP)));
        }

        long tcp = ip + IP;
        memory.set(TestFrame.INT, tcp, sourcePort(flow) << 16 | DESTINATION_PORT);
        memory.set(TestFrame.INT, tcp + 4, FIRST_SEQUENCE);
        memory.set(TestFrame.INT, tcp + 8, 1);
        memory.set(TestFrame.INT, tcp + 12, TCP / 4 << 28 | ACK_PSH << 16 | 0xffff);
        memory.set(TestFrame.INT, tcp + 16, 0);
        for (int i = 0; i < payload; i++) {
            memory.set(JAVA_BYTE, tcp + TCP + i, content(flow, i));
        }
        long sum = pseudoHeader(memory, offset, TCP + payload);
        if (segmentation || (offload & TxOffload.TCP_CHECKSUM) != 0) {
            memory.set(TestFrame.SHORT, tcp + 16, (short) fold(sum));
        } else {
            memory.set(TestFrame.SHORT, tcp + 16, (short) ~fold(sum + sum(memory, tcp, TCP + payload)));
        }
    }

    /** Whether this frame is one of ours, whole and unpadded or padded. */
    static boolean isOurs(MemorySegment memory, long offset, int length) {
        return length >= HEADERS
                && TestFrame.etherType(memory, offset) == ETHER_TYPE_IPV4
                && memory.get(JAVA_BYTE, offset + ETHERNET) == 0x45
                && memory.get(JAVA_BYTE, offset + ETHERNET + 9) == PROTOCOL_TCP
                && (memory.get(TestFrame.INT, offset + ETHERNET + 12) & 0xffff0000) == SOURCE_NETWORK
                && memory.get(TestFrame.INT, offset + ETHERNET + 16) == DESTINATION
                && ipLength(memory, offset) >= IP + TCP
                && ipLength(memory, offset) <= length - ETHERNET;
    }

    static int flow(MemorySegment memory, long offset) {
        return memory.get(TestFrame.INT, offset + ETHERNET + 12) & 0xffff;
    }

    /** The RSS hash of a flow's segments. */
    static int hash(Toeplitz toeplitz, int flow) {
        return toeplitz.hash(source(flow), DESTINATION, sourcePort(flow), DESTINATION_PORT);
    }

    static int payload(MemorySegment memory, long offset) {
        return ipLength(memory, offset) - IP - TCP;
    }

    /** The place in the stream of the first payload byte. */
    static int place(MemorySegment memory, long offset) {
        return memory.get(TestFrame.INT, offset + ETHERNET + IP + 4) - FIRST_SEQUENCE;
    }

    /** Whether ports, flags and payload are as they were written, the payload beginning at this place of the stream. */
    static boolean isIntact(MemorySegment memory, long offset, int place) {
        int flow = flow(memory, offset);
        long tcp = offset + ETHERNET + IP;
        if (memory.get(TestFrame.INT, tcp) != (sourcePort(flow) << 16 | DESTINATION_PORT)
                || memory.get(TestFrame.INT, tcp + 8) != 1
                || memory.get(JAVA_BYTE, tcp + 12) != (byte) (TCP / 4 << 4)) {
            return false;
        }
        int payload = payload(memory, offset);
        for (int i = 0; i < payload; i++) {
            if (memory.get(JAVA_BYTE, tcp + TCP + i) != content(flow, place + i)) {
                return false;
            }
        }
        return true;
    }

    static boolean ipChecksumIsRight(MemorySegment memory, long offset) {
        return fold(sum(memory, offset + ETHERNET, IP)) == 0xffff;
    }

    static boolean tcpChecksumIsRight(MemorySegment memory, long offset) {
        int length = ipLength(memory, offset) - IP;
        return fold(pseudoHeader(memory, offset, length) + sum(memory, offset + ETHERNET + IP, length)) == 0xffff;
    }

    /** Makes the TCP checksum wrong. */
    static void breakTcpChecksum(MemorySegment memory, long offset) {
        long checksum = offset + ETHERNET + IP + 16;
        memory.set(TestFrame.SHORT, checksum, (short) (memory.get(TestFrame.SHORT, checksum) ^ 0x5555));
    }

    private static int source(int flow) {
        return SOURCE_NETWORK | flow;
    }

    private static int sourcePort(int flow) {
        return 1024 + 7 * flow % 60_000;
    }

    private static int ipLength(MemorySegment memory, long offset) {
        return memory.get(TestFrame.SHORT, offset + ETHERNET + 2) & 0xffff;
    }

    /** RFC 9293 section 3.1: addresses, protocol and TCP length are summed with the segment. */
    private static long pseudoHeader(MemorySegment memory, long offset, int length) {
        return sum(memory, offset + ETHERNET + 12, 8) + PROTOCOL_TCP + length;
    }

    private static long sum(MemorySegment memory, long offset, int length) {
        long sum = 0;
        int i = 0;
        for (; i + 1 < length; i += 2) {
            sum += memory.get(TestFrame.SHORT, offset + i) & 0xffff;
        }
        if (i < length) {
            sum += (memory.get(JAVA_BYTE, offset + i) & 0xff) << 8;
        }
        return sum;
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) folded;
    }

    private static byte content(int flow, int i) {
        return (byte) (17 * flow + 3 * i + (i >> 8));
    }
}
