package dev.jmtcp.driver.onvm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jmtcp.driver.dpdk.bindings.Mbuf;
import dev.jmtcp.driver.dpdk.bindings.MbufCache;
import dev.jmtcp.driver.dpdk.bindings.Native;
import dev.jmtcp.driver.dpdk.bindings.Received;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.RxFlags;
import dev.jmtcp.spi.Tally;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Frames that have come for a core by one of the ports: those handed over and those to be handed over next. Belongs to the queue's thread, but for the counters.
 */
final class Incoming {

    /** The most frames handed over at once, and the most that wait here. */
    static final int BURST = 64;

    private final MemorySegment memory;
    private final long base;
    private final long size;
    private final MemorySegment arrays = Arena.ofAuto().allocate(JAVA_LONG, 2L * BURST);

    /** Where the addresses of the buffers stand that the stack has. */
    private final long held = arrays.address();

    /** Where the addresses of the buffers stand that are to be handed over next. */
    private final long ahead = held + (long) BURST * Long.BYTES;

    private int heldCount;
    private int aheadFrom;
    private int aheadTo;

    private final Tally packets = new Tally();
    private final Tally bytes = new Tally();
    private final Tally unusable = new Tally();

    Incoming(MemorySegment memory) {
        this.memory = memory;
        base = memory.address();
        size = memory.byteSize();
    }

    /** Room for frames to come. */
    int room() {
        return isEmpty() ? BURST : BURST - aheadTo;
    }

    /** Whether nothing is to be handed over. */
    boolean isEmpty() {
        return aheadFrom == aheadTo;
    }

    /** Takes a frame, for which there has to be {@link #room}. */
    void add(long mbuf) {
        if (isEmpty()) {
            aheadFrom = 0;
            aheadTo = 0;
        }
        Native.setLong(ahead + (long) aheadTo * Long.BYTES, mbuf);
        aheadTo++;
    }

    /** Takes back the burst before. */
    void takeBack(FrameBurst burst, MbufCache cache) {
        if (heldCount > 0) {
            cache.give(held, heldCount);
            heldCount = 0;
        }
        burst.begin(memory);
    }

    /** Hands over what there is, after {@link #takeBack}. */
    int handOver(FrameBurst burst) {
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
            if (at < 0 || at > size - length || length == 0) {
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

    /** A sum that another network function left to a card has never been on a wire, and is not there yet. */
    private static int flags(long ofMbuf) {
        int flags = Received.flags(ofMbuf);
        if ((ofMbuf & Mbuf.TX_TCP_CHECKSUM) == Mbuf.TX_TCP_CHECKSUM) {
            flags = flags & ~RxFlags.TCP_CHECKSUM_BAD | RxFlags.TCP_CHECKSUM_GOOD;
        }
        if ((ofMbuf & Mbuf.TX_IP_CHECKSUM) != 0) {
            flags = flags & ~RxFlags.IP_CHECKSUM_BAD | RxFlags.IP_CHECKSUM_GOOD;
        }
        return flags;
    }

    /** Gives back all buffers. */
    void release(MbufCache cache) {
        cache.give(held, heldCount);
        cache.give(ahead + (long) aheadFrom * Long.BYTES, aheadTo - aheadFrom);
        heldCount = 0;
        aheadFrom = aheadTo;
    }

    long packets() {
        return packets.value();
    }

    long bytes() {
        return bytes.value();
    }

    /** Frames in pieces that did not fit into one buffer, or outside of the manager's pool. */
    long unusable() {
        return unusable.value();
    }
}
