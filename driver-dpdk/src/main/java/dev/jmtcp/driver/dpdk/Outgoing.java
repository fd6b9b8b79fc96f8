package dev.jmtcp.driver.dpdk;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jmtcp.driver.dpdk.bindings.EthQueue;
import dev.jmtcp.driver.dpdk.bindings.Mbuf;
import dev.jmtcp.driver.dpdk.bindings.MbufCache;
import dev.jmtcp.driver.dpdk.bindings.Native;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Tally;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Frames to the device, on one queue of a port. Belongs to the queue's thread, but for the counters. */
final class Outgoing {

    /** The most frames that wait to be taken by the device. */
    static final int MOST_WAITING = 512;

    private static final int ETHERNET_MINIMUM = 60;

    private final EthQueue queue;
    private final MemorySegment memory;
    private final long base;
    private final int longestFrame;
    private final TransmitWork work;
    private final boolean pads;

    /** The addresses of the buffers of the frames committed and not yet taken, from {@link #sent} to {@link #committed}. */
    private final MemorySegment array = Arena.ofAuto().allocate(JAVA_LONG, MOST_WAITING);

    private final long frames = array.address();
    private final int[] lengths = new int[MOST_WAITING];
    private int sent;
    private int committed;

    /** Up to where frames are made ready for the device. */
    private int prepared;

    /** Whether a frame has work for the device, and all have to be made ready. */
    private boolean worked;

    /** The buffer that the next frame is written to; 0 if there is none yet. */
    private long next;

    /** The capacity reserved; 0 if nothing is. */
    private int reserved;

    private boolean full;

    private final Tally packets = new Tally();
    private final Tally bytes = new Tally();
    private final Tally refused = new Tally();

    /**
     * @param longestFrame the longest frame that may be reserved
     * @param pads whether frames below the minimum of Ethernet are padded here
     */
    Outgoing(EthQueue queue, MemorySegment memory, int longestFrame, TransmitWork work, boolean pads) {
        this.queue = queue;
        this.memory = memory;
        base = memory.address();
        this.longestFrame = longestFrame;
        this.work = work;
        this.pads = pads;
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
        return Native.getLong(next) + Mbuf.HEADROOM - base;
    }

    void commit(int length, long offload) {
        if (reserved == 0) {
            throw new IllegalStateException("nothing is reserved");
        }
        if (length < 1 || length > reserved) {
            throw new IllegalArgumentException("length " + length + ", expected 1 to " + reserved);
        }
        long mbuf = next;
        int onWire = length;
        if (pads && length < ETHERNET_MINIMUM) {
            onWire = ETHERNET_MINIMUM;
            for (long at = frame(mbuf) + length; at < frame(mbuf) + onWire; at++) {
                memory.set(JAVA_BYTE, at, (byte) 0);
            }
        }
        if (offload == TxOffload.NONE) {
            Mbuf.prepare(mbuf, onWire, 0, 0);
        } else {
            work.check(length, offload);
            TransmitWork.ready(memory, frame(mbuf), length, offload);
            Mbuf.prepare(mbuf, onWire, TransmitWork.flags(offload), TransmitWork.lengths(offload));
            worked = true;
        }
        Native.setLong(frames + (long) committed * Long.BYTES, mbuf);
        lengths[committed] = length;
        committed++;
        next = 0;
        reserved = 0;
    }

    private long frame(long mbuf) {
        return Native.getLong(mbuf) + Mbuf.HEADROOM - base;
    }

    /** Hands over what was committed, until the device takes no more; how many frames it did not take. */
    int flush(MbufCache cache) {
        if (sent == committed) {
            return 0;
        }
        if (worked) {
            prepareAll(cache);
        }
        int first = sent;
        while (sent < committed) {
            int taken = queue.transmit(frames + (long) sent * Long.BYTES, committed - sent);
            if (taken == 0) {
                break;
            }
            sent += taken;
        }
        count(first);
        int left = committed - sent;
        if (sent > 0) {
            moveUp(left);
        }
        return left;
    }

    /** Sends nothing: devices that give back the buffers of what is out only when they are to send do so then. */
    void reclaim() {
        int _ = queue.transmit(frames, 0);
    }

    /** Lets the device's driver finish frames with work, and drops those that it finds wrong. */
    private void prepareAll(MbufCache cache) {
        prepared = Math.max(prepared, sent);
        while (prepared < committed) {
            prepared += queue.prepare(frames + (long) prepared * Long.BYTES, committed - prepared);
            if (prepared < committed) {
                cache.give(frames + (long) prepared * Long.BYTES, 1);
                int behind = committed - prepared - 1;
                long hole = frames + (long) prepared * Long.BYTES;
                MemorySegment.copy(Native.MEMORY, hole + Long.BYTES, Native.MEMORY, hole, (long) behind * Long.BYTES);
                System.arraycopy(lengths, prepared + 1, lengths, prepared, behind);
                committed--;
                refused.add(1);
            }
        }
        worked = false;
    }

    private void count(int first) {
        if (sent == first) {
            return;
        }
        long total = 0;
        for (int i = first; i < sent; i++) {
            total += lengths[i];
        }
        packets.add(sent - first);
        bytes.add(total);
    }

    private void moveUp(int left) {
        if (left > 0) {
            MemorySegment.copy(
                    Native.MEMORY, frames + (long) sent * Long.BYTES, Native.MEMORY, frames, (long) left * Long.BYTES);
            System.arraycopy(lengths, sent, lengths, 0, left);
        }
        prepared = Math.max(0, prepared - sent);
        sent = 0;
        committed = left;
    }

    /** Frames committed and not yet taken. */
    int waiting() {
        return committed - sent;
    }

    /** Whether a reserve said FULL, and none has succeeded since. */
    boolean isFull() {
        return full;
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
        for (int from = sent; from < committed; from += Buffers.CACHE) {
            cache.give(frames + (long) from * Long.BYTES, Math.min(Buffers.CACHE, committed - from));
        }
        if (next != 0) {
            cache.putBack(next);
        }
        sent = 0;
        committed = 0;
        prepared = 0;
        next = 0;
        reserved = 0;
    }

    long packets() {
        return packets.value();
    }

    long bytes() {
        return bytes.value();
    }

    /** Frames with work that the device's driver found wrong. */
    long refused() {
        return refused.value();
    }
}
