package dev.jmtcp.driver.netmap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.jmtcp.spi.DeviceFailedException;
import java.lang.foreign.MemorySegment;

/**
 * A ring in the memory shared with the kernel module: struct netmap_ring, struct netmap_slot. Belongs to one thread. Of its slots those from head up to tail are
 * ours; the module moves tail, in system calls of ours only, we move head, up to tail at most. (It takes a head elsewhere for an accident and sets
 * the ring up anew, without a word.)
 *
 * <pre>
 *  netmap_ring   0 where buffers begin, from here   8 slots   12 buffer size   16 ring   18 direction
 *                20 head   24 cur   28 tail   32 flags   40 time   56 offset mask   64 alignment   128 …   256 slots
 *  netmap_slot   0 buffer   4 length   6 flags   8 pointer   16
 *
 *       head          cur           tail
 *  …----+=============+=============+------…
 *         ours: to be given back, or to be filled
 * </pre>
 */
final class Ring {

    static final int BUFFERS = 0;
    static final int COUNT = 8;
    static final int BUFFER_SIZE = 12;
    static final int HEAD = 20;
    static final int CUR = 24;
    static final int TAIL = 28;
    static final int SLOTS = 256;

    static final int SLOT = 16;
    static final int SLOT_BUFFER = 0;
    static final int SLOT_LENGTH = 4;
    static final int SLOT_FLAGS = 6;

    private final MemorySegment memory;
    private final long at;
    private final long slots;
    private final long buffers;
    private final int count;
    private final int bufferSize;
    private final long end;

    private Ring(MemorySegment memory, long at, long end) {
        this.memory = memory;
        this.at = at;
        this.end = end;
        slots = at + SLOTS;
        buffers = at + memory.get(JAVA_LONG, at + BUFFERS);
        count = memory.get(JAVA_INT, at + COUNT);
        bufferSize = memory.get(JAVA_INT, at + BUFFER_SIZE);
    }

    /**
     * The ring that begins here.
     *
     * @param end where the module's memory ends
     */
    static Ring at(MemorySegment memory, long at, long end) throws CallFailedException {
        var ring = new Ring(memory, at, end);
        boolean fits = ring.count >= 2
                && ring.slots + (long) ring.count * SLOT <= end
                && ring.bufferSize >= Frames.SHORTEST_BUFFER
                && ring.bufferSize <= 0xffff
                && ring.buffers >= 0
                && ring.isSlot(ring.head())
                && ring.isSlot(memory.get(JAVA_INT, at + TAIL));
        if (!fits) {
            throw new CallFailedException("a ring that makes no sense", Errno.EINVAL);
        }
        return ring;
    }

    private boolean isSlot(int slot) {
        return slot >= 0 && slot < count;
    }

    MemorySegment memory() {
        return memory;
    }

    int count() {
        return count;
    }

    int bufferSize() {
        return bufferSize;
    }

    int next(int slot) {
        return slot + 1 == count ? 0 : slot + 1;
    }

    /** The slots from one up to another one. */
    int distance(int from, int to) {
        int distance = to - from;
        return distance < 0 ? distance + count : distance;
    }

    int head() {
        return memory.get(JAVA_INT, at + HEAD);
    }

    /** What the module last moved it to. */
    int tail() {
        int tail = memory.get(JAVA_INT, at + TAIL);
        if (!isSlot(tail)) {
            throw new DeviceFailedException("a netmap ring has lost its tail: " + tail);
        }
        return tail;
    }

    /** Gives the module all slots before head, when it is called next; and has it wake us once tail passes cur. */
    void give(int head, int cur) {
        memory.set(JAVA_INT, at + HEAD, head);
        memory.set(JAVA_INT, at + CUR, cur);
    }

    int length(int slot) {
        return memory.get(JAVA_SHORT, slots + (long) slot * SLOT + SLOT_LENGTH) & 0xffff;
    }

    boolean goesOn(int slot) {
        return (memory.get(JAVA_SHORT, slots + (long) slot * SLOT + SLOT_FLAGS) & Netmap.MOREFRAG) != 0;
    }

    /** Says what is in a slot's buffer. */
    void fill(int slot, int length, int flags) {
        memory.set(JAVA_SHORT, slots + (long) slot * SLOT + SLOT_LENGTH, (short) length);
        memory.set(JAVA_SHORT, slots + (long) slot * SLOT + SLOT_FLAGS, (short) flags);
    }

    /** Where a slot's buffer begins; −1 if there is no such buffer. (Slots of a pipe are written by the process at its other end.) */
    long buffer(int slot) {
        long buffer = Integer.toUnsignedLong(memory.get(JAVA_INT, slots + (long) slot * SLOT + SLOT_BUFFER));
        long offset = buffers + buffer * bufferSize;
        return offset <= end - bufferSize ? offset : -1;
    }
}
