package dev.jmtcp.driver.dpdk.bindings;

import dev.jmtcp.spi.RxFlags;
import java.lang.foreign.MemorySegment;

/** What drivers make of a packet buffer that has come. Static functions that allocate nothing. */
public final class Received {

    private static final long CHECKSUMS =
            Mbuf.RX_IP_CHECKSUM_BAD | Mbuf.RX_IP_CHECKSUM_GOOD | Mbuf.RX_L4_CHECKSUM_BAD | Mbuf.RX_L4_CHECKSUM_GOOD;

    private Received() {}

    /** Makes a frame in several buffers one, in the first of them; whether it is in one piece then, and in memory of ours. */
    public static boolean join(long first) {
        int length = Mbuf.dataLength(first);
        int whole = Mbuf.packetLength(first);
        long start = Mbuf.data(first);
        long room = Native.getLong(first + Mbuf.BUF_ADDR) + Native.getShort(first + Mbuf.BUF_LEN) - start;
        if (whole > room) {
            return false;
        }
        for (long next = Native.getLong(first + Mbuf.NEXT); next != 0; next = Native.getLong(next + Mbuf.NEXT)) {
            int part = Mbuf.dataLength(next);
            if (part > whole - length) {
                return false;
            }
            MemorySegment.copy(Native.MEMORY, Mbuf.data(next), Native.MEMORY, start + length, part);
            length += part;
        }
        Native.setShort(first + Mbuf.DATA_LEN, length);
        return true;
    }

    /**
     * What the device says of a frame, as bits of {@link RxFlags}, by the flags of its buffer. Good and bad together mean that the device vouches for what it did not compute, and so
     * good.
     */
    public static int flags(long ofMbuf) {
        int flags = 0;
        if ((ofMbuf & CHECKSUMS) != 0) {
            if ((ofMbuf & Mbuf.RX_IP_CHECKSUM_GOOD) != 0) {
                flags |= RxFlags.IP_CHECKSUM_GOOD;
            } else if ((ofMbuf & Mbuf.RX_IP_CHECKSUM_BAD) != 0) {
                flags |= RxFlags.IP_CHECKSUM_BAD;
            }
            if ((ofMbuf & Mbuf.RX_L4_CHECKSUM_GOOD) != 0) {
                flags |= RxFlags.TCP_CHECKSUM_GOOD;
            } else if ((ofMbuf & Mbuf.RX_L4_CHECKSUM_BAD) != 0) {
                flags |= RxFlags.TCP_CHECKSUM_BAD;
            }
        }
        if ((ofMbuf & Mbuf.RX_RSS_HASH) != 0) {
            flags |= RxFlags.HASH_VALID;
        }
        if ((ofMbuf & Mbuf.RX_LRO) != 0) {
            flags |= RxFlags.COALESCED;
        }
        return flags;
    }
}
