package dev.jmtcp.driver.psio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.RxFlags;
import dev.jmtcp.spi.Tally;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Frames from one port's receive queues of one core: one chunk a call, from the first queue in turn that has something. Belongs to the core's thread, but for the
 * counters.
 */
final class Incoming {

    private final int fd;

    /** Places of the queues in the order in which the handle took them. */
    private final int[] places;

    private final MemorySegment memory;
    private final SlowPath slowPath;
    private final MemorySegment state;
    private final MemorySegment chunk;
    private final MemorySegment info;
    private int next;

    private final Tally packets = new Tally();
    private final Tally bytes = new Tally();

    /** @param memory mapped for this alone */
    Incoming(Arena arena, int fd, int[] places, MemorySegment memory, SlowPath slowPath) {
        this.fd = fd;
        this.places = places.clone();
        this.memory = memory;
        this.slowPath = slowPath;
        state = Libc.errnoMemory(arena);
        info = arena.allocate((long) Ps.MAX_CHUNK_SIZE * Ps.INFO, 8);
        chunk = arena.allocate(Ps.CHUNK, 8);
        chunk.set(JAVA_LONG, Ps.CHUNK_INFO, info.address());
        chunk.set(JAVA_LONG, Ps.CHUNK_BUFFER, memory.address());
    }

    /** Whether there are several queues, of which {@link Ps#SELECT} can watch but one. */
    boolean hasSeveralQueues() {
        return places.length > 1;
    }

    /**
     * Takes what has come, over the frames of the burst before.
     *
     * @return 0, or the error that ends all: a number of {@link Errno}
     */
    int receive(FrameBurst burst) {
        burst.begin(memory);
        for (int looked = 0; looked < places.length; looked++) {
            int place = places[next];
            next = next + 1 == places.length ? 0 : next + 1;
            chunk.set(JAVA_INT, Ps.CHUNK_COUNT, Math.min(burst.capacity(), Ps.MAX_CHUNK_SIZE));
            // Asked with the place of the queue, answered with the number of the device.
            chunk.set(JAVA_INT, Ps.CHUNK_IFINDEX, place);
            int count = Libc.ioctl(state, fd, Ps.RECV_CHUNK_IFIDX, chunk.address());
            if (count > 0) {
                add(count, burst);
                return 0;
            }
            if (count < 0 && !Errno.isPassing(Libc.errno(state))) {
                return Libc.errno(state);
            }
        }
        return 0;
    }

    private void add(int count, FrameBurst burst) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            long entry = (long) i * Ps.INFO;
            long offset = info.get(JAVA_INT, entry + Ps.INFO_OFFSET);
            int length = info.get(JAVA_SHORT, entry + Ps.INFO_LENGTH) & 0xffff;
            burst.add(offset, length, flags(info.get(JAVA_BYTE, entry + Ps.INFO_CHECKSUM)), 0);
            slowPath.offer(memory, offset, length);
            sum += length;
        }
        packets.add(count);
        bytes.add(sum);
    }

    private static int flags(int checksum) {
        return switch (checksum) {
            case Ps.CHECKSUM_GOOD -> RxFlags.IP_CHECKSUM_GOOD;
            case Ps.CHECKSUM_BAD -> RxFlags.IP_CHECKSUM_BAD;
            default -> 0;
        };
    }

    long packets() {
        return packets.value();
    }

    long bytes() {
        return bytes.value();
    }
}
