package dev.jmtcp.driver.onvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jmtcp.driver.dpdk.bindings.Mbuf;
import dev.jmtcp.driver.dpdk.bindings.MbufCache;
import dev.jmtcp.driver.dpdk.bindings.Native;
import dev.jmtcp.driver.dpdk.bindings.Ring;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Tally;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Frames of one port on their way to the manager, of one core. Belongs to the queue's thread, but for the counters. */
final class Outgoing {

    /** The most frames that wait to be taken by the manager's ring. */
    static final int MOST_WAITING = 512;

    private static final int ETHERNET_MINIMUM = 60;

    private final NetworkFunction function;
    private final Ring queue;
    private final Route route;
    private final MemorySegment memory;
    private final long base;
    private final int longestFrame;

    /** The addresses of the buffers of the frames committed and not yet taken. */
    private final MemorySegment array = Arena.ofAuto().allocate(JAVA_LONG, MOST_WAITING);

    private final long frames = array.address();
    private final int[] lengths = new int[MOST_WAITING];
    private int committed;

    /** The buffer that the next frame is written to; 0 if there is none yet. */
    private long next;

    /** The capacity reserved; 0 if nothing is. */
    private int reserved;

    private boolean full;

    private final Tally packets = new Tally();
    private final Tally bytes = new Tally();

    /** @param longestFrame the longest frame that may be reserved */
    Outgoing(NetworkFunction function, Route route, MemorySegment memory, int longestFrame) {
        this.function = function;
        queue = function.transmitQueue();
        this.route = route;
        this.memory = memory;
        base = memory.address();
        this.longestFrame = longestFrame;
    }

    MemorySegment memory() {
        return memory;
    }

    long reserve(int capacity, MbufCache cache) {
        if (capacity < 1 || capacity > longestFrame) {
            throw new IllegalArgumentException("capacity " + capacity + ", expected 1 to " + longestFrame);
        }
        if (committed == MOST_WAITING || next == 0 && (next = cache.take()) == 0) {
            full = true;
            reserved = 0;
            return PacketQueue.FULL;
        }
        full = false;
        reserved = capacity;
        return frame(next);
    }

    void commit(int length, long offload) {
        if (reserved == 0) {
            throw new IllegalStateException("nothing is reserved");
        }
        if (length < 1 || length > reserved) {
            throw new IllegalArgumentException("length " + length + ", expected 1 to " + reserved);
        }
        if (offload != TxOffload.NONE) {
            throw new IllegalArgumentException("there is no device that does this work: " + TxOffload.flags(offload));
        }
        long mbuf = next;
        long frame = frame(mbuf);
        int onWire = length;
        if (route.isWire() && length < ETHERNET_MINIMUM) {
            onWire = ETHERNET_MINIMUM;
            for (long at = frame + length; at < frame + onWire; at++) {
                memory.set(JAVA_BYTE, at, (byte) 0);
            }
        }
        Mbuf.prepare(mbuf, onWire, 0, 0);
        route.mark(mbuf, memory, frame, length);
        Native.setLong(frames + (long) committed * Long.BYTES, mbuf);
        lengths[committed] = length;
        committed++;
        next = 0;
        reserved = 0;
    }

    private long frame(long mbuf) {
        return Native.getLong(mbuf + Mbuf.BUF_ADDR) + Mbuf.HEADROOM - base;
    }

    /** Hands over what was committed, as far as the ring has room; how many frames are left. */
    int flush() {
        if (committed == 0) {
            return 0;
        }
        int count = Math.min(committed, queue.capacity() - queue.count());
        if (count <= 0 || !queue.put(frames, count)) {
            return committed;
        }
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += lengths[i];
        }
        packets.add(count);
        bytes.add(total);
        function.countSent(count);
        int left = committed - count;
        if (left > 0) {
            MemorySegment.copy(
                    Native.MEMORY, frames + (long) count * Long.BYTES, Native.MEMORY, frames, (long) left * Long.BYTES);
            System.arraycopy(lengths, count, lengths, 0, left);
        }
        committed = left;
        return left;
    }

    /** Frames committed and not yet taken. */
    int waiting() {
        return committed;
    }

    /** Whether a reserve said FULL and would find room now. Asked once, it forgets. */
    boolean hasRoomAgain(MbufCache cache) {
        boolean room = full && committed < MOST_WAITING && (next != 0 || (next = cache.take()) != 0);
        if (room) {
            full = false;
        }
        return room;
    }

    /** Gives back all buffers. */
    void release(MbufCache cache) {
        cache.give(frames, committed);
        if (next != 0) {
            cache.putBack(next);
        }
        committed = 0;
        next = 0;
        reserved = 0;
    }

    long packets() {
        return packets.value();
    }

    long bytes() {
        return bytes.value();
    }
}
