package dev.jmtcp.driver.netmap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Tally;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Frames to a port, on one ring. Belongs to the queue's thread, but for the counters. A frame is reserved in the buffer of the next slot; one that is longer than
 * a buffer is reserved elsewhere and cut when it is committed.
 */
final class Outgoing {

    private final int fd;
    private final MemorySegment state = Libc.errnoMemory(Arena.ofAuto());
    private final MemorySegment memory;
    private final Ring ring;
    private final long longFrame;
    private final int longestFrame;

    /** The first slot that is not filled. */
    private int next;

    private int tail;

    /** The capacity reserved; 0 if nothing is. */
    private int reserved;

    private long reservedAt;

    /** The slots that the last reserve lacked; 0 if it did not. */
    private int wanted;

    private int waitingFrames;
    private long waitingBytes;

    private final Tally packets = new Tally();
    private final Tally bytes = new Tally();

    /**
     * @param longFrame where a frame longer than a buffer is written, with room for {@link Frames#LONGEST} bytes
     * @param longestFrame the longest frame that may be reserved
     */
    Outgoing(int fd, Ring ring, long longFrame, int longestFrame) {
        this.fd = fd;
        this.memory = ring.memory();
        this.ring = ring;
        this.longFrame = longFrame;
        this.longestFrame = longestFrame;
        next = ring.head();
        tail = ring.tail();
    }

    MemorySegment memory() {
        return memory;
    }

    long reserve(int capacity) {
        if (capacity < 1 || capacity > longestFrame) {
            throw new IllegalArgumentException("capacity " + capacity + ", expected 1 to " + longestFrame);
        }
        int slots = slots(capacity);
        if (!hasRoom(slots)) {
            wanted = slots;
            reserved = 0;
            return PacketQueue.FULL;
        }
        wanted = 0;
        reservedAt = slots == 1 ? buffer(next) : longFrame;
        reserved = capacity;
        return reservedAt;
    }

    private int slots(int length) {
        return length <= ring.bufferSize() ? 1 : (length - 1) / ring.bufferSize() + 1;
    }

    private boolean hasRoom(int slots) {
        if (ring.distance(next, tail) >= slots) {
            return true;
        }
        tail = ring.tail();
        return ring.distance(next, tail) >= slots;
    }

    private long buffer(int slot) {
        long buffer = ring.buffer(slot);
        if (buffer < 0) {
            throw new DeviceFailedException("a netmap ring names a buffer that is not there");
        }
        return buffer;
    }

    void commit(int length, long work) {
        if (reserved == 0) {
            throw new IllegalStateException("nothing is reserved");
        }
        if (length < 1 || length > reserved) {
            throw new IllegalArgumentException("length " + length + ", expected 1 to " + reserved);
        }
        if (work != TxOffload.NONE) {
            throw new IllegalArgumentException("netmap does no work on frames: flags " + TxOffload.flags(work));
        }
        int padded = length;
        while (padded < Frames.ETHERNET_MINIMUM) {
            memory.set(JAVA_BYTE, reservedAt + padded++, (byte) 0);
        }
        if (reservedAt != longFrame) {
            ring.fill(next, padded, 0);
            next = ring.next(next);
        } else {
            cut(padded);
        }
        waitingFrames++;
        waitingBytes += padded;
        reserved = 0;
    }

    private void cut(int length) {
        int size = ring.bufferSize();
        for (int from = 0; from < length; from += size) {
            int part = Math.min(size, length - from);
            MemorySegment.copy(memory, longFrame + from, memory, buffer(next), part);
            ring.fill(next, part, from + part < length ? Netmap.MOREFRAG : 0);
            next = ring.next(next);
        }
    }

    /**
     * Gives the module what was committed, and takes back slots where they lacked.
     *
     * @return 0, or why the module could not be asked: a number of {@link Errno}; the frames stay in the ring
     */
    int flush() {
        if (waitingFrames == 0 && wanted == 0) {
            return 0;
        }
        ring.give(next, wanted == 0 ? next : tail);
        if (Libc.ioctl(state, fd, Netmap.NIOCTXSYNC, 0) != 0) {
            return Libc.errno(state);
        }
        packets.add(waitingFrames);
        bytes.add(waitingBytes);
        waitingFrames = 0;
        waitingBytes = 0;
        tail = ring.tail();
        return 0;
    }

    /** Frames committed that the module was not told of. */
    int waiting() {
        return waitingFrames;
    }

    /** Whether a reserve lacked slots that are still not there. */
    boolean isFull() {
        return wanted > 0;
    }

    /** Whether a reserve lacked slots that are there now. Asked once, it forgets. */
    boolean hasRoomAgain() {
        if (wanted == 0 || !hasRoom(wanted)) {
            return false;
        }
        wanted = 0;
        return true;
    }

    long packets() {
        return packets.value();
    }

    long bytes() {
        return bytes.value();
    }
}
