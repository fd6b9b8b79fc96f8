package dev.jmtcp.driver.dpdk;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jmtcp.driver.dpdk.bindings.EthQueue;
import dev.jmtcp.driver.dpdk.bindings.Mbuf;
import dev.jmtcp.driver.dpdk.bindings.MbufCache;
import dev.jmtcp.driver.dpdk.bindings.Native;
import dev.jmtcp.driver.dpdk.bindings.Received;
import dev.jmtcp.spi.FrameBurst;
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
            if (!Mbuf.isPlain(mbuf) && !Received.join(mbuf)) {
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
            burst.add(at, length, flags == 0 ? 0 : Received.flags(flags), Mbuf.hash(mbuf));
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
