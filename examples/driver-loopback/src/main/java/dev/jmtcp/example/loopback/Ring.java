package dev.jmtcp.example.loopback;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * One queue of one port: a ring of slots, a frame in each. Frames are counted from 0; the slot of a frame is its number modulo the size, a power of
 * two. Four numbers say who owns what:
 *
 * <pre>
 *  held             received         sent             committed           held + size
 *   |  the stack has |  to receive    |  to flush      |  free to reserve  |
 * </pre>
 */
final class Ring {

    private static final int CACHE_LINE = 64;

    private final int longestFrame;
    private final int slotSize;
    private final MemorySegment memory;
    private final int[] lengths;

    private long held;
    private volatile long received;
    private volatile long receivedBytes;
    private volatile long sent;
    private volatile long sentBytes;
    private long committed;

    /** The capacity that is reserved; 0 if nothing is. */
    private int reserved;

    /** Whether the last reserve was refused. */
    private boolean full;

    Ring(Port port, int size, Arena arena) {
        longestFrame = port.mtu() + 14;
        slotSize = (longestFrame + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
        memory = arena.allocate((long) slotSize * size, CACHE_LINE);
        lengths = new int[size];
    }

    MemorySegment memory() {
        return memory;
    }

    int receive(FrameBurst burst) {
        held = received;
        burst.begin(memory);
        long next = received;
        long bytes = receivedBytes;
        while (next < sent && !burst.isFull()) {
            int length = lengths[slot(next)];
            burst.add(offset(next), length, 0, 0);
            bytes += length;
            next++;
        }
        received = next;
        receivedBytes = bytes;
        return burst.count();
    }

    long reserve(int capacity) {
        if (capacity < 1 || capacity > longestFrame) {
            throw new IllegalArgumentException("capacity " + capacity + ", expected 1 to " + longestFrame);
        }
        full = !hasRoom();
        reserved = full ? 0 : capacity;
        return full ? PacketQueue.FULL : offset(committed);
    }

    void commit(int length, long offload) {
        if (reserved == 0) {
            throw new IllegalStateException("nothing is reserved");
        }
        if (length < 1 || length > reserved) {
            throw new IllegalArgumentException("length " + length + ", expected 1 to " + reserved);
        }
        if (offload != TxOffload.NONE) {
            throw new IllegalArgumentException("there is no device to do such work");
        }
        lengths[slot(committed)] = length;
        committed++;
        reserved = 0;
    }

    void flush() {
        long bytes = sentBytes;
        for (long frame = sent; frame < committed; frame++) {
            bytes += lengths[slot(frame)];
        }
        sentBytes = bytes;
        sent = committed;
    }

    /** Whether there is something to do: a frame to receive, or room again after a refusal, which is told once. */
    boolean isReady() {
        boolean writable = full && hasRoom();
        full &= !writable;
        return writable || received < sent;
    }

    /** These counters and the ones given. From any thread. */
    PortStatistics addTo(PortStatistics others) {
        return new PortStatistics(
                others.rxPackets() + received,
                others.rxBytes() + receivedBytes,
                others.txPackets() + sent,
                others.txBytes() + sentBytes,
                Map.of());
    }

    private boolean hasRoom() {
        return committed - held < lengths.length;
    }

    private int slot(long frame) {
        return (int) frame & lengths.length - 1;
    }

    private long offset(long frame) {
        return (long) slot(frame) * slotSize;
    }
}
