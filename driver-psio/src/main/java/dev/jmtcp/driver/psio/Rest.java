package dev.jmtcp.driver.psio;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Where a core's thread rests until there is something to do: in the engine's SELECT, which watches one queue number on all devices. Nothing but a frame or a signal
 * ends that, so it is entered for a short time again and again; in between wakeups are seen.
 */
final class Rest {

    private static final long CLOSE_TURN = 20_000;

    private final int fd;
    private final PortQueue[] queues;
    private final long slice;
    private final LongSupplier clock;
    private final boolean severalQueues;
    private final int all;
    private final MemorySegment event;
    private final MemorySegment state;

    /** Set before its thread looks at {@link #closed} for the last time; who sets that then waits until this is not. */
    private volatile boolean resting;

    private volatile boolean woken;
    private volatile boolean closed;

    /**
     * @param core its number, and that of the queues to watch
     * @param slice the longest rest at a time, in nanoseconds
     */
    Rest(Arena arena, int fd, int core, PortQueue[] queues, long slice, LongSupplier clock) {
        this.fd = fd;
        this.queues = queues;
        this.slice = slice;
        this.clock = clock;
        boolean several = false;
        int devices = 0;
        for (PortQueue queue : queues) {
            several |= queue.incoming().hasSeveralQueues();
            devices |= 1 << queue.ifindex();
        }
        severalQueues = several;
        all = devices;
        state = Libc.errnoMemory(arena);
        event = arena.allocate(Ps.EVENT, 8);
        event.set(JAVA_INT, Ps.EVENT_QIDX, core);
    }

    /**
     * Rests until there is something to do, or the time is up.
     *
     * @return 0, or the error that ends all: a number of {@link Errno}
     */
    int await(long nanos) {
        int failure = 0;
        if (nanos > 0) {
            resting = true;
            try {
                failure = rest(nanos);
            } finally {
                resting = false;
            }
        }
        woken = false;
        return failure;
    }

    private int rest(long nanos) {
        long start = clock.getAsLong();
        for (long left = nanos; left > 0 && !woken && !closed; left = nanos - (clock.getAsLong() - start)) {
            int waiting = waitingToSend();
            if (waiting < 0) {
                return 0;
            }
            event.set(JAVA_LONG, Ps.EVENT_TIMEOUT, (Math.min(left, slice) + 999) / 1000);
            event.set(JAVA_SHORT, Ps.EVENT_RX, (short) all);
            event.set(JAVA_SHORT, Ps.EVENT_TX, (short) waiting);
            if (Libc.ioctl(state, fd, Ps.SELECT, event.address()) < 0) {
                int errno = Libc.errno(state);
                return Errno.isPassing(errno) ? 0 : errno;
            }
            // A queue that SELECT does not watch may have got something: then one slice is all.
            if (severalQueues || event.get(JAVA_SHORT, Ps.EVENT_RX) != 0 || event.get(JAVA_SHORT, Ps.EVENT_TX) != 0) {
                return 0;
            }
        }
        return 0;
    }

    /**
     * The devices that did not take all frames. They are watched, too; but SELECT calls them ready only when a whole burst has room.
     *
     * @return a bit for each; −1 if one of them has room for a frame already
     */
    private int waitingToSend() {
        int devices = 0;
        for (PortQueue queue : queues) {
            if (queue.outgoing().waiting() > 0) {
                devices |= 1 << queue.ifindex();
                if (queue.outgoing().credit() > 0) {
                    return -1;
                }
            }
        }
        return devices;
    }

    /** Ends the await under way, or the next one. From any thread. */
    void wakeup() {
        woken = true;
    }

    /** Ends the await under way, and returns once it has ended. From any thread; once. */
    void close() {
        closed = true;
        while (resting) {
            LockSupport.parkNanos(CLOSE_TURN);
        }
    }
}
