package dev.jmtcp.driver.dpdk;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jmtcp.driver.dpdk.bindings.EthQueue;
import dev.jmtcp.driver.dpdk.bindings.Mbuf;
import dev.jmtcp.driver.dpdk.bindings.MbufCache;
import dev.jmtcp.driver.dpdk.bindings.Native;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.RxFlags;
import dev.jmtcp.spi.Tally;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Frames from the device, on one queue of a port. Belongs to the queue's thread, but for the counters. */
final class Incoming {

    /** The most frames taken at once; some devices give none to who asks for fewer than 32. */
    static final int BURST = 64;

    /** The most buffers that are here: frames in the stack's hands, and frames taken and not yet handed over. */
    static final int MOST_HELD = 2 * BURST;

    /** More than a ring holds. */
    private static final int LAST_BURSTS = 64;

    private static final long CHECKSUMS =
            Mbuf.RX_IP_CHECKSUM_BAD | Mbuf.RX_IP_CHECKSUM_GOOD | Mbuf.RX_L4_CHECKSUM_BAD | Mbuf.RX_L4_CHECKSUM_GOOD;

    private final EthQueue queue;
    private final MemorySegment memory;
    private final long base;
    private final long size;
    private final MemorySegment arrays;

    /** Where the addresses of the buffers stand that the stack has. */
    private final long held;

    /** Where the addresses of the buffers stand that are to be handed over next. */
    private final long ahead;

    private int heldCount;
    private int aheadFrom;
    private int aheadTo;

    private final Tally packets = new Tally();
    private final Tally bytes = new Tally();
    private final Tally unusable = new Tally();

    Incoming(EthQueue queue, MemorySegment memory) {
        this.queue = queue;
        this.memory = memory;
        base = memory.address();
        size = memory.byteSize();
        arrays = Arena.ofAuto().allocate(JAVA_LONG, MOST_HELD);
        held = arrays.address();
        ahead = held + (long) BURST * Long.BYTES;
    }

    /** Takes back the burst before and hands over the next. */
    int receive(FrameBurst burst, MbufCache cache) {
        if (heldCount > 0) {
            cache.give(held, heldCount);
            heldCount = 0;
        }
        burst.begin(memory);
        if (aheadFrom == aheadTo && !look()) {
            return 0;
        }
        int count = Math.min(aheadTo - aheadFrom, burst.capacity());
        long from = ahead + (long) aheadFrom * Long.BYTES;
        aheadFrom += count;
        int dropped = 0;
        long total = 0;
        for (int i = 0; i < count; i++) {
            long mbuf = Native.getLong(from + (long) i * Long.BYTES);
            Native.setLong(held + (long) i * Long.BYTES, mbuf);
            if (!Mbuf.isPlain(mbuf) && !join(mbuf)) {
                dropped++;
                continue;
            }
            int length = Mbuf.dataLength(mbuf);
            long at = Mbuf.data(mbuf) - base;
            if (at < 0 || at > size - length) {
                dropped++;
                continue;
            }
            long flags = Mbuf.flags(mbuf);
            burst.add(at, length, flags == 0 ? 0 : flags(flags), Mbuf.hash(mbuf));
            total += length;
        }
        heldCount = count;
        packets.add(burst.count());
        bytes.add(total);
        if (dropped > 0) {
            unusable.add(dropped);
        }
        return burst.count();
    }

    /** Whether a frame is there to be received: takes some from the device if need be. */
    boolean look() {
        if (aheadFrom == aheadTo) {
            aheadFrom = 0;
            aheadTo = queue.receive(ahead, BURST);
        }
        return aheadTo > aheadFrom;
    }

    /** Makes a frame in several buffers one, in the first of them; whether it is in one piece then, and in memory of ours. */
    private static boolean join(long first) {
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

    /** Good and bad together mean that the device vouches for what it did not compute, and so good. */
    private static int flags(long ofMbuf) {
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

    /** Gives back all buffers, and those that the device still has to give: a ring of DPDK outlives its port, and its buffers would not. */
    void release(MbufCache cache) {
        cache.give(held, heldCount);
        heldCount = 0;
        for (int burst = 0; burst < LAST_BURSTS && look(); burst++) {
            cache.give(ahead + (long) aheadFrom * Long.BYTES, aheadTo - aheadFrom);
            aheadFrom = aheadTo;
        }
    }

    long packets() {
        return packets.value();
    }

    long bytes() {
        return bytes.value();
    }

    /** Frames in pieces that did not fit into one buffer, or outside of the pools. */
    long unusable() {
        return unusable.value();
    }
}
