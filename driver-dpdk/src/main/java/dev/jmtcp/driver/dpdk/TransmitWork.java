package dev.jmtcp.driver.dpdk;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.jmtcp.driver.dpdk.bindings.EthOffload;
import dev.jmtcp.driver.dpdk.bindings.Mbuf;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What a device does on frames to be sent, and how it is told so. Immutable; allocates nothing unless it refuses.
 *
 * @param allowed bits of {@link TxOffload}
 */
record TransmitWork(int allowed) {

    private static final ValueLayout.OfShort NETWORK_SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int ETHERNET = 14;
    private static final int SHORTEST_HEADER = 20;
    private static final int IPV4_CHECKSUM = 10;
    private static final int TCP_CHECKSUM = 16;

    /** @param enabled what the device was told to do: bits of {@link EthOffload} */
    static TransmitWork of(long enabled) {
        int allowed = TxOffload.IPV6;
        if ((enabled & EthOffload.TX_IPV4_CHECKSUM) != 0) {
            allowed |= TxOffload.IPV4_CHECKSUM;
        }
        if ((enabled & EthOffload.TX_TCP_CHECKSUM) != 0) {
            allowed |= TxOffload.TCP_CHECKSUM;
        }
        if ((enabled & EthOffload.TX_TCP_SEGMENTATION) != 0) {
            allowed |= TxOffload.TCP_SEGMENTATION;
        }
        return new TransmitWork(allowed);
    }

    /** @throws IllegalArgumentException if the device cannot do this on a frame of this length */
    void check(int length, long offload) {
        int flags = TxOffload.flags(offload);
        if ((flags & ~allowed) != 0) {
            throw new IllegalArgumentException("the device does not do this work: flags " + flags);
        }
        int ip = TxOffload.ipLength(offload);
        int headers = TxOffload.ethernetLength(offload) + ip + TxOffload.tcpLength(offload);
        boolean tcp = (flags & (TxOffload.TCP_CHECKSUM | TxOffload.TCP_SEGMENTATION)) != 0;
        if (TxOffload.ethernetLength(offload) < ETHERNET
                || ip < SHORTEST_HEADER
                || ip > 0x1ff
                || headers > length
                || tcp && TxOffload.tcpLength(offload) < SHORTEST_HEADER) {
            throw new IllegalArgumentException("headers that are not in a frame of " + length + " bytes");
        }
        if ((flags & TxOffload.TCP_SEGMENTATION) != 0 && TxOffload.segmentSize(offload) == 0) {
            throw new IllegalArgumentException("segments of no size");
        }
    }

    /** Writes what devices want to find in a frame that they cut: no IPv4 checksum, and the TCP pseudo header's sum without the length. */
    static void ready(MemorySegment memory, long frame, int length, long offload) {
        int flags = TxOffload.flags(offload);
        if ((flags & TxOffload.TCP_SEGMENTATION) == 0) {
            return;
        }
        long ip = frame + TxOffload.ethernetLength(offload);
        long tcp = ip + TxOffload.ipLength(offload);
        if ((flags & TxOffload.IPV6) == 0) {
            memory.set(NETWORK_SHORT, ip + IPV4_CHECKSUM, (short) 0);
        }
        int tcpLength = length - (int) (tcp - frame);
        // Less a number is plus its complement: RFC 1071 section 2.
        int sum = (memory.get(NETWORK_SHORT, tcp + TCP_CHECKSUM) & 0xffff) + (~tcpLength & 0xffff);
        sum = (sum & 0xffff) + (sum >>> 16);
        memory.set(NETWORK_SHORT, tcp + TCP_CHECKSUM, (short) sum);
    }

    /** The same work as flags of a packet buffer. */
    static long flags(long offload) {
        int flags = TxOffload.flags(offload);
        boolean ipv6 = (flags & TxOffload.IPV6) != 0;
        boolean cut = (flags & TxOffload.TCP_SEGMENTATION) != 0;
        long result = ipv6 ? Mbuf.TX_IPV6 : Mbuf.TX_IPV4;
        if ((flags & TxOffload.IPV4_CHECKSUM) != 0 || cut && !ipv6) {
            result |= Mbuf.TX_IP_CHECKSUM;
        }
        if ((flags & TxOffload.TCP_CHECKSUM) != 0 || cut) {
            result |= Mbuf.TX_TCP_CHECKSUM;
        }
        return cut ? result | Mbuf.TX_TCP_SEG : result;
    }

    /** The lengths that go with them. */
    static long lengths(long offload) {
        return TxOffload.ethernetLength(offload)
                | (long) TxOffload.ipLength(offload) << Mbuf.L3_LENGTH_SHIFT
                | (long) TxOffload.tcpLength(offload) << Mbuf.L4_LENGTH_SHIFT
                | (long) TxOffload.segmentSize(offload) << Mbuf.SEGMENT_SIZE_SHIFT;
    }
}
