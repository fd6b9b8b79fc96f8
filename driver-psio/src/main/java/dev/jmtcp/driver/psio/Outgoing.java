package dev.jmtcp.driver.psio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Tally;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Frames to one port's transmit queue of one core: a ring of 4096 entries and their bytes, one frame behind the other in one mapped buffer. Both begin anew at the
 * wrap of the ring, and whenever everything is sent, which keeps few cache lines in use. Belongs to the core's thread, but for the counters.
 *
 * <pre>
 *             nextToSend         nextToUse                  not wrapped: frames may go on to the end of the buffer
 *  | free      | committed        | free        |
 *
 *             nextToUse   nextToSend                        wrapped: they must stay below the bytes of the next one to be sent
 *  | committed | free      | committed          |
 * </pre>
 */
final class Outgoing {

    /** The shortest frame that the device is given: IEEE 802.3, 4A.4.2, without FCS. The 82599 takes none below 17 bytes. */
    private static final int SHORTEST = 60;

    private final int fd;
    private final int longestFrame;
    private final MemorySegment memory;
    private final MemorySegment state;
    private final MemorySegment info;
    private final MemorySegment chunk;
    private final MemorySegment queue;

    private int nextToSend;
    private int nextToUse;
    private int waiting;

    /** Where the next frame is reserved. */
    private long nextOffset;

    /** The capacity reserved; 0 if nothing is. */
    private int reserved;

    private boolean full;

    private final Tally packets = new Tally();
    private final Tally bytes = new Tally();

    /**
     * @param memory mapped for this alone
     * @param longestFrame the longest frame that may be reserved
     */
    Outgoing(Arena arena, int fd, int ifindex, int txQueue, MemorySegment memory, int longestFrame) {
        this.fd = fd;
        this.memory = memory;
        this.longestFrame = longestFrame;
        state = Libc.errnoMemory(arena);
        info = arena.allocate((long) Ps.MAX_CHUNK_SIZE * Ps.INFO, 8);
        chunk = arena.allocate(Ps.SEND, 8);
        chunk.set(JAVA_INT, Ps.SEND_IFINDEX, ifindex);
        chunk.set(JAVA_INT, Ps.SEND_QIDX, txQueue);
        chunk.set(JAVA_LONG, Ps.SEND_INFO, info.address());
        chunk.set(JAVA_LONG, Ps.SEND_BUFFER, memory.address());
        queue = arena.allocate(Ps.QUEUE, 8);
        queue.set(JAVA_INT, Ps.QUEUE_IFINDEX, ifindex);
        queue.set(JAVA_INT, Ps.QUEUE_QIDX, txQueue);
    }

    MemorySegment memory() {
        return memory;
    }

    long reserve(int capacity) {
        if (capacity < 1 || capacity > longestFrame) {
            throw new IllegalArgumentException("capacity " + capacity + ", expected 1 to " + longestFrame);
        }
        if (waiting == 0) {
            nextToSend = 0;
            nextToUse = 0;
            nextOffset = 0;
        }
        full = !hasRoom(capacity);
        reserved = full ? 0 : capacity;
        return full ? PacketQueue.FULL : nextOffset;
    }

    private boolean hasRoom(int capacity) {
        if (waiting == Ps.MAX_CHUNK_SIZE) {
            return false;
        }
        boolean wrapped = nextToUse < nextToSend;
        long end = wrapped ? info.get(JAVA_INT, (long) nextToSend * Ps.INFO + Ps.INFO_OFFSET) : Ps.BUFFER;
        return nextOffset + room(capacity) <= end;
    }

    /** The bytes that a frame takes up. */
    private static int room(int length) {
        return Math.max(length, SHORTEST) + (Ps.ALIGNMENT - 1) & -Ps.ALIGNMENT;
    }

    void commit(int length, long work) {
        if (reserved == 0) {
            throw new IllegalStateException("nothing is reserved");
        }
        if (length < 1 || length > reserved) {
            throw new IllegalArgumentException("length " + length + ", expected 1 to " + reserved);
        }
        if (work != TxOffload.NONE) {
            throw new IllegalArgumentException("the device does no work for the stack: flags " + TxOffload.flags(work));
        }
        for (long at = nextOffset + length; at < nextOffset + SHORTEST; at++) {
            memory.set(JAVA_BYTE, at, (byte) 0);
        }
        long entry = (long) nextToUse * Ps.INFO;
        info.set(JAVA_INT, entry + Ps.INFO_OFFSET, (int) nextOffset);
        info.set(JAVA_SHORT, entry + Ps.INFO_LENGTH, (short) Math.max(length, SHORTEST));
        waiting++;
        nextToUse++;
        nextOffset += room(length);
        if (nextToUse == Ps.MAX_CHUNK_SIZE) {
            nextToUse = 0;
            nextOffset = 0;
        }
        reserved = 0;
    }

    /**
     * Gives the device what was committed, until it takes no more.
     *
     * @return 0, or the error that ends all: a number of {@link Errno}
     */
    int flush() {
        while (waiting > 0) {
            chunk.set(JAVA_SHORT, Ps.SEND_COUNT, (short) waiting);
            chunk.set(JAVA_SHORT, Ps.SEND_NEXT_TO_USE, (short) nextToUse);
            chunk.set(JAVA_SHORT, Ps.SEND_NEXT_TO_SEND, (short) nextToSend);
            chunk.set(JAVA_INT, Ps.SEND_NEXT_OFFSET, (int) nextOffset);
            int offered = Math.min(Math.min(waiting, Ps.MAX_CHUNK_SIZE - nextToSend), Ps.SEND_MIN);
            int taken = Libc.ioctl(state, fd, Ps.SEND_CHUNK_BUF, chunk.address());
            if (taken < 0) {
                return Errno.isPassing(Libc.errno(state)) ? 0 : Libc.errno(state);
            }
            count(taken);
            waiting -= taken;
            nextToSend = nextToSend + taken & Ps.MAX_CHUNK_SIZE - 1;
            if (taken < offered) {
                return 0;
            }
        }
        return 0;
    }

    private void count(int taken) {
        long sum = 0;
        for (int i = 0; i < taken; i++) {
            sum += info.get(JAVA_SHORT, (long) (nextToSend + i) * Ps.INFO + Ps.INFO_LENGTH) & 0xffff;
        }
        packets.add(taken);
        bytes.add(sum);
    }

    /** Frames committed that the device has not taken. */
    int waiting() {
        return waiting;
    }

    /** The descriptors that the device has free for this queue: how many frames it would take now. */
    int credit() {
        return Libc.ioctl(state, fd, Ps.GET_TXENTRY, queue.address());
    }

    /** Whether a reserve said FULL and would find room now. Asked once, it forgets. */
    boolean hasRoomAgain() {
        boolean room = full && (waiting == 0 || hasRoom(longestFrame));
        if (room) {
            full = false;
        }
        return room;
    }

    long packets() {
        return packets.value();
    }

    long bytes() {
        return bytes.value();
    }
}
