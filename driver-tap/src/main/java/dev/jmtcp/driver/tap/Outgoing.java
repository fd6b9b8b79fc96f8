package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Tally;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Frames to the kernel, on one queue of a port. Belongs to the queue's thread, but for the counters. */
final class Outgoing {

    private static final int FRAMES = 1024;
    private static final int BUFFER = 1 << 20;

    private final int fd;
    private final MemorySegment state;
    private final MemorySegment memory;
    private final long address;
    private final int longestFrame;
    private final boolean offload;

    /** The slots of the frames committed and not yet sent, from {@link #sent} to {@link #committed}. */
    private final int[] slots = new int[FRAMES];

    private final int[] lengths = new int[FRAMES];
    private int sent;
    private int committed;

    /** Where the next frame is reserved. */
    private long free;

    /** The capacity reserved; 0 if nothing is. */
    private int reserved;

    private boolean full;

    private final Tally packets = new Tally();
    private final Tally bytes = new Tally();
    private final Tally refused = new Tally();
    private final Tally whileDown = new Tally();

    /**
     * @param longestFrame the longest frame that may be reserved
     * @param offload whether the kernel makes checksums and cuts frames into segments
     */
    Outgoing(Arena arena, MemorySegment state, int fd, int longestFrame, boolean offload) {
        this.fd = fd;
        this.state = state;
        this.longestFrame = longestFrame;
        this.offload = offload;
        memory = arena.allocate(BUFFER, 64);
        address = memory.address();
    }

    MemorySegment memory() {
        return memory;
    }

    long reserve(int capacity) {
        if (capacity < 1 || capacity > longestFrame) {
            throw new IllegalArgumentException("capacity " + capacity + ", expected 1 to " + longestFrame);
        }
        if (sent == committed) {
            sent = 0;
            committed = 0;
            free = 0;
        }
        full = committed == FRAMES || free + Slots.FRAME + capacity > BUFFER;
        reserved = full ? 0 : capacity;
        return full ? PacketQueue.FULL : free + Slots.FRAME;
    }

    void commit(int length, long work) {
        if (reserved == 0) {
            throw new IllegalStateException("nothing is reserved");
        }
        if (length < 1 || length > reserved) {
            throw new IllegalArgumentException("length " + length + ", expected 1 to " + reserved);
        }
        if (work == TxOffload.NONE) {
            VirtioNetHeader.writeNone(memory, free + Slots.HEADER);
        } else {
            leaveToKernel(length, work);
        }
        slots[committed] = (int) free;
        lengths[committed] = length;
        committed++;
        free = Slots.next(free, length);
        reserved = 0;
    }

    private void leaveToKernel(int length, long work) {
        int flags = TxOffload.flags(work);
        boolean segmentation = (flags & TxOffload.TCP_SEGMENTATION) != 0;
        boolean ipv6 = (flags & TxOffload.IPV6) != 0;
        if (!offload || !segmentation && (flags & ~TxOffload.IPV6) != TxOffload.TCP_CHECKSUM) {
            throw new IllegalArgumentException("the kernel does not do this work: flags " + flags);
        }
        int ip = TxOffload.ethernetLength(work);
        int tcp = ip + TxOffload.ipLength(work);
        int headers = tcp + TxOffload.tcpLength(work);
        int segmentSize = segmentation ? TxOffload.segmentSize(work) : 0;
        if (ip < Slots.ETHERNET || tcp < ip + 20 || headers < tcp + 20 || headers > length) {
            throw new IllegalArgumentException("headers that are not in a frame of " + length + " bytes");
        }
        if (segmentation && segmentSize == 0) {
            throw new IllegalArgumentException("segments of no size");
        }
        if (segmentation && !ipv6) {
            // The kernel makes the IP checksums of the segments, but wants that of the whole frame.
            Ipv4Checksum.write(memory, free + Slots.FRAME + ip, TxOffload.ipLength(work));
        }
        int type = ipv6 ? VirtioNetHeader.GSO_TCPV6 : VirtioNetHeader.GSO_TCPV4;
        VirtioNetHeader.writeTcp(
                memory, free + Slots.HEADER, tcp, headers, segmentation ? type : VirtioNetHeader.GSO_NONE, segmentSize);
    }

    /**
     * Writes what was committed, until the kernel takes no more.
     *
     * @return 0, or the error that ends all: a number of {@link Errno}
     */
    int flush() {
        if (sent == committed) {
            return 0;
        }
        int i = sent;
        long taken = 0;
        long takenBytes = 0;
        int failure = 0;
        while (i < committed && failure == 0) {
            long length = (long) VirtioNetHeader.LENGTH + lengths[i];
            if (Libc.write(state, fd, address + slots[i] + Slots.HEADER, length) == length) {
                i++;
                taken++;
                takenBytes += lengths[i - 1];
                continue;
            }
            int errno = Libc.errno(state);
            switch (errno) {
                case Errno.EINVAL -> {
                    refused.add(1);
                    i++;
                }
                case Errno.EIO -> {
                    whileDown.add(1);
                    i++;
                }
                default -> failure = errno;
            }
        }
        sent = i;
        packets.add(taken);
        bytes.add(takenBytes);
        return Errno.isPassing(failure) ? 0 : failure;
    }

    /** Frames committed and not yet sent. */
    int waiting() {
        return committed - sent;
    }

    /** Whether a reserve said FULL and would find room now. Asked once, it forgets. */
    boolean hasRoomAgain() {
        boolean room = full && sent == committed;
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

    /** Frames that the kernel found wrong. */
    long refused() {
        return refused.value();
    }

    /** Frames sent while the interface was down. */
    long whileDown() {
        return whileDown.value();
    }
}
