package dev.jmtcp.spi.tck.reference;

import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The transmit ring of a queue. */
final class Outgoing {

    private final Settings settings;
    private final int queue;
    private final int longest;
    private final int slotSize;
    private final int work;
    private final MemorySegment memory;
    private final int[] lengths;
    private final long[] offloads;
    private final Segmenter segmenter;
    private long sent;
    private long committed;
    private int reserved;
    private int abandoned;
    private int lost;
    private boolean full;
    private volatile long packets;
    private volatile long bytes;

    Outgoing(Settings settings, Port port, int queue, Arena arena) {
        this.settings = settings;
        this.queue = queue;
        longest = Math.max(port.mtu() + 14, port.capabilities().maxTsoFrame());
        slotSize = longest + 127 & -64;
        work = settings.offloads() || settings.defect() == Defect.TAKES_UNLISTED_WORK
                ? TxOffload.IPV4_CHECKSUM | TxOffload.TCP_CHECKSUM | TxOffload.TCP_SEGMENTATION
                : 0;
        memory = arena.allocate((long) slotSize * settings.ring(), 64);
        lengths = new int[settings.ring()];
        offloads = new long[settings.ring()];
        segmenter = new Segmenter(longest, settings.defect(), arena);
    }

    MemorySegment memory() {
        return memory;
    }

    long reserve(int capacity) {
        boolean tooLong =
                capacity > longest && !(settings.defect() == Defect.RESERVES_ANY_LENGTH && capacity <= slotSize);
        if (capacity < 1 || tooLong) {
            throw new IllegalArgumentException("capacity " + capacity + ", expected 1 to " + longest);
        }
        if (reserved > 0 && settings.defect() == Defect.LEAKS_ABANDONED_FRAMES && ++abandoned % 100 == 0) {
            lost++;
        }
        full = !hasRoom();
        reserved = full ? 0 : capacity;
        return full ? PacketQueue.FULL : offset(committed);
    }

    void commit(int length, long offload) {
        if (reserved == 0 && settings.defect() != Defect.COMMITS_WITHOUT_RESERVE) {
            throw new IllegalStateException("nothing is reserved");
        }
        boolean anyLength = settings.defect() == Defect.COMMITS_ANY_LENGTH;
        if (!anyLength && (length < 1 || reserved > 0 && length > reserved)
                || (TxOffload.flags(offload) & ~work) != 0) {
            if (settings.defect() == Defect.REFUSED_COMMIT_ABANDONS) {
                reserved = 0;
            }
            throw new IllegalArgumentException("length " + length + ", offload " + Long.toHexString(offload));
        }
        int slot = slot(committed);
        lengths[slot] = anyLength ? Math.clamp(length, 1, slotSize) : length;
        offloads[slot] = settings.offloads() ? offload : 0;
        if (settings.defect() == Defect.COUNTS_RESERVED_BYTES) {
            bytes = bytes + reserved - length;
        }
        committed++;
        reserved = 0;
    }

    /** Sends what the other end takes; how many frames it does not. */
    int flush(Wire.End to) {
        if (settings.defect() == Defect.FLUSH_ABANDONS) {
            reserved = 0;
        }
        long sentBytes = bytes;
        long first = sent;
        while (to != null && sent < committed && send(to, slot(sent))) {
            sentBytes += lengths[slot(sent)];
            sent++;
        }
        packets = packets + sent - first;
        bytes = sentBytes;
        return (int) (committed - sent);
    }

    private boolean send(Wire.End to, int slot) {
        long offset = (long) slot * slotSize;
        int length = lengths[slot];
        long offload = offloads[slot];
        int flags = TxOffload.flags(offload);
        int segments = Segmenter.segments(length, offload);
        int chosen = to.steering().queue(memory, offset, length, queue);
        Incoming incoming = to.queues()[chosen];
        synchronized (incoming) {
            if (!incoming.takes(segments)) {
                return false;
            }
            if ((flags & TxOffload.TCP_SEGMENTATION) == 0) {
                segmenter.fillIn(memory, offset, length, offload, flags);
                incoming.put(memory, offset, length, 0);
            } else {
                for (int i = 0; i < segments; i++) {
                    int size = segmenter.make(memory, offset, length, offload, i);
                    incoming.put(segmenter.memory(), 0, size, 0);
                }
            }
            return true;
        }
    }

    /** Whether there is room again after a refusal, which is told once. */
    boolean isWritableAgain() {
        boolean writable = full && hasRoom();
        full &= !writable;
        return writable;
    }

    long packets() {
        return packets;
    }

    long bytes() {
        return bytes;
    }

    private boolean hasRoom() {
        return committed - sent < lengths.length - lost;
    }

    private int slot(long frame) {
        return (int) frame & lengths.length - 1;
    }

    private long offset(long frame) {
        return (long) slot(frame) * slotSize;
    }
}
