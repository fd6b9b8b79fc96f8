package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.Tally;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Frames from the kernel, on one queue of a port. Belongs to the queue's thread, but for the counters. */
final class Incoming {

    /** Room for a burst of many usual frames, or of some that are coalesced. */
    static final int BUFFER = 1 << 20;

    private final int fd;
    private final MemorySegment state;
    private final MemorySegment memory;
    private final long address;
    private final Tally packets = new Tally();
    private final Tally bytes = new Tally();

    Incoming(Arena arena, MemorySegment state, int fd) {
        this.fd = fd;
        this.state = state;
        memory = arena.allocate(BUFFER, 64);
        address = memory.address();
    }

    /**
     * Reads what has come, over the frames of the burst before.
     *
     * @return 0, or the error that ends all: a number of {@link Errno}
     */
    int receive(FrameBurst burst) {
        burst.begin(memory);
        long slot = 0;
        long read = 0;
        int failure = 0;
        while (!burst.isFull() && slot + Slots.FRAME + Slots.LONGEST_READ <= BUFFER) {
            long taken =
                    Libc.read(state, fd, address + slot + Slots.HEADER, VirtioNetHeader.LENGTH + Slots.LONGEST_READ);
            if (taken < 0) {
                failure = Libc.errno(state);
                break;
            }
            int length = (int) taken - VirtioNetHeader.LENGTH;
            if (length < Slots.ETHERNET) {
                break; // the kernel gives no such frame
            }
            burst.add(slot + Slots.FRAME, length, VirtioNetHeader.rxFlags(memory, slot + Slots.HEADER), 0);
            read += length;
            slot = Slots.next(slot, length);
        }
        if (burst.count() > 0) {
            packets.add(burst.count());
            bytes.add(read);
        }
        return burst.count() > 0 || Errno.isPassing(failure) ? 0 : failure;
    }

    long packets() {
        return packets.value();
    }

    long bytes() {
        return bytes.value();
    }
}
