package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;

/** What a device does to frames it sends: checksums by their {@link TxOffload}. */
final class TransmitWork {

    private static final int CHECKSUMS = TxOffload.IPV4_CHECKSUM | TxOffload.TCP_CHECKSUM;

    private TransmitWork() {}

    /**
     * Checks that a frame can be sent as asked.
     *
     * @param segmenting whether the device can cut segments
     * @param longest the longest frame that can be on the wire
     * @throws IllegalArgumentException if not
     */
    static void check(int length, long offload, boolean segmenting, int longest) {
        int flags = TxOffload.flags(offload);
        boolean cut = (flags & TxOffload.TCP_SEGMENTATION) != 0;
        int known = CHECKSUMS | TxOffload.IPV6 | (segmenting ? TxOffload.TCP_SEGMENTATION : 0);
        if ((flags & ~known) != 0) {
            throw new IllegalArgumentException("this port does not do all of this: flags " + flags);
        }
        if (!cut && length > longest) {
            throw new IllegalArgumentException("a frame of " + length + " bytes, of " + longest + " at most");
        }
        if ((flags & CHECKSUMS) != 0 || cut) {
            checkHeaders(length, offload, cut, longest);
        }
    }

    private static void checkHeaders(int length, long offload, boolean cut, int longest) {
        int ip = TxOffload.ipLength(offload);
        int tcp = TxOffload.tcpLength(offload);
        int headers = TxOffload.ethernetLength(offload) + ip + tcp;
        boolean withTcp = cut || (TxOffload.flags(offload) & TxOffload.TCP_CHECKSUM) != 0;
        if (TxOffload.ethernetLength(offload) < WireConfig.ETHERNET_HEADER
                || ip < 20
                || withTcp && tcp < 20
                || headers > length) {
            throw new IllegalArgumentException("headers of " + TxOffload.ethernetLength(offload) + ", " + ip + " and "
                    + tcp + " bytes in a frame of " + length);
        }
        int size = TxOffload.segmentSize(offload);
        if (cut && (size < 1 || headers + size > longest)) {
            throw new IllegalArgumentException("segments of " + size + " bytes");
        }
    }

    /** Fills in the checksums of a frame. */
    static void fillChecksums(MemorySegment memory, long frame, int length, long offload) {
        long ip = frame + TxOffload.ethernetLength(offload);
        int ipLength = TxOffload.ipLength(offload);
        int flags = TxOffload.flags(offload);
        if ((flags & TxOffload.IPV4_CHECKSUM) != 0 && (flags & TxOffload.IPV6) == 0) {
            Checksums.fill(memory, ip + 10, ip, ipLength);
        }
        if ((flags & TxOffload.TCP_CHECKSUM) != 0) {
            // The field holds the sum of the pseudo header.
            long tcp = ip + ipLength;
            Checksums.fill(memory, tcp + 16, tcp, (int) (frame + length - tcp));
        }
    }
}
