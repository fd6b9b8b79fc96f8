package dev.jmtcp.driver.netmap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/**
 * Where a core's thread rests until there is something to do: poll() on its descriptors of all ports and on an eventfd, by which other threads wake it.
 * Layouts are those of struct pollfd and struct timespec. For netmap, poll() also does what NIOCTXSYNC and NIOCRXSYNC do.
 */
final class Rest {

    static final int POLLFD = 8;
    static final int FD = 0;
    static final int EVENTS = 4;
    static final int REVENTS = 6;

    static final int TIMESPEC = 16;
    static final int NANOSECONDS = 8;

    static final int POLLIN = 1;
    static final int POLLOUT = 4;
    static final int POLLERR = 8;
    static final int POLLHUP = 0x10;
    static final int POLLNVAL = 0x20;

    private static final long SECOND = 1_000_000_000;
    private static final long CLOSE_TURN = 20_000;

    private final PortQueue[] queues;
    private final MemorySegment polled;
    private final MemorySegment timeout;
    private final MemorySegment count;
    private final MemorySegment state;
    private final int eventfd;

    /** Set before its thread looks at {@link #woken} and {@link #closed} for the last time; who sets those then looks at this. */
    private volatile boolean resting;

    private volatile boolean woken;
    private volatile boolean closed;

    /** Whether the eventfd is given back. Guarded by this. */
    private boolean released;

    Rest(PortQueue[] queues) throws CallFailedException {
        this.queues = queues;
        var arena = Arena.ofAuto();
        polled = arena.allocate((queues.length + 1L) * POLLFD, 8);
        timeout = arena.allocate(TIMESPEC, 8);
        count = arena.allocate(JAVA_LONG);
        state = Libc.errnoMemory(arena);
        eventfd = Libc.eventfd(state, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
        if (eventfd < 0) {
            throw new CallFailedException("eventfd", Libc.errno(state));
        }
        for (int i = 0; i <= queues.length; i++) {
            int fd = i < queues.length ? queues[i].descriptor().fd() : eventfd;
            polled.set(JAVA_INT, (long) i * POLLFD + FD, fd);
        }
    }

    /**
     * Rests until there is something to do, or the time is up.
     *
     * @return the port whose descriptor has an error, or −1
     */
    int await(long nanos) {
        return await(nanos, 0);
    }

    /** Rests until the time is up or someone wakes it, whatever the ports do. */
    void awaitWakeup(long nanos) {
        await(nanos, queues.length);
    }

    /** @param from the first port to look at */
    private int await(long nanos, int from) {
        int failed = -1;
        if (nanos > 0) {
            resting = true;
            try {
                if (!woken && !closed) {
                    failed = poll(nanos, from);
                }
            } finally {
                resting = false;
            }
        }
        woken = false;
        return failed;
    }

    private int poll(long nanos, int from) {
        for (int i = from; i < queues.length; i++) {
            int events = queues[i].outgoing().isFull() ? POLLIN | POLLOUT : POLLIN;
            polled.set(JAVA_SHORT, (long) i * POLLFD + EVENTS, (short) events);
        }
        long wake = (long) queues.length * POLLFD;
        polled.set(JAVA_SHORT, wake + EVENTS, (short) POLLIN);
        timeout.set(JAVA_LONG, 0, nanos / SECOND);
        timeout.set(JAVA_LONG, NANOSECONDS, nanos % SECOND);
        long first = polled.address() + (long) from * POLLFD;
        if (Libc.ppoll(state, first, queues.length + 1L - from, timeout.address()) <= 0) {
            return -1;
        }
        if (polled.get(JAVA_SHORT, wake + REVENTS) != 0) {
            Libc.read(state, eventfd, count.address(), 8);
        }
        int failed = -1;
        for (int i = from; i < queues.length; i++) {
            if ((polled.get(JAVA_SHORT, (long) i * POLLFD + REVENTS) & (POLLERR | POLLHUP | POLLNVAL)) != 0) {
                failed = i;
            }
        }
        return failed;
    }

    /** Ends the await under way, or the next one. From any thread. */
    void wakeup() {
        woken = true;
        if (resting) {
            signal();
        }
    }

    private synchronized void signal() {
        if (!released) {
            Libc.signal(eventfd);
        }
    }

    /** Ends the await under way, and returns once it has ended. From any thread; once. */
    void close() {
        closed = true;
        while (resting) {
            signal();
            LockSupport.parkNanos(CLOSE_TURN);
        }
        synchronized (this) {
            released = true;
            Libc.close(eventfd);
        }
    }
}
