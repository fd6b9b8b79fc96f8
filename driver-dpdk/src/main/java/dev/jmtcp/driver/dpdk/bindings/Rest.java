package dev.jmtcp.driver.dpdk.bindings;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a core's thread rests until there is something to do. DPDK's devices and rings have to be asked: it looks again and again, at first often, then less, and sleeps in
 * between.
 */
public final class Rest {

    /** The sleeps in nanoseconds; Linux adds some fifty thousand to each. */
    private static final long SHORTEST = 5_000;

    private static final long LONGEST = 100_000;
    private static final long CLOSE_TURN = 20_000;

    private final BooleanSupplier hasWork;
    private final LongSupplier clock;

    /** Set before its thread looks at {@link #woken} and {@link #closed} for the last time; who sets those then looks at this. */
    private volatile @Nullable Thread sleeper;

    private volatile boolean woken;
    private volatile boolean closed;

    /**
     * @param hasWork whether there is something to do; asked by the thread that rests
     * @param clock in nanoseconds
     */
    public Rest(BooleanSupplier hasWork, LongSupplier clock) {
        this.hasWork = hasWork;
        this.clock = clock;
    }

    /** Rests until there is something to do, someone wakes it, or so many nanoseconds are over. By the thread that it belongs to. */
    public void await(long nanos) {
        if (nanos > 0) {
            sleeper = Thread.currentThread();
            try {
                sleep(nanos);
            } finally {
                sleeper = null;
            }
        }
        woken = false;
    }

    private void sleep(long nanos) {
        long start = clock.getAsLong();
        long pause = SHORTEST;
        while (!woken && !closed && !hasWork.getAsBoolean()) {
            long left = nanos - (clock.getAsLong() - start);
            if (left <= 0) {
                return;
            }
            LockSupport.parkNanos(Math.min(pause, left));
            pause = Math.min(2 * pause, LONGEST);
        }
    }

    /** Ends the await under way, or the next one. From any thread. */
    public void wakeup() {
        woken = true;
        Thread thread = sleeper;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** Ends the await under way, and returns once it has ended. From any thread; once. */
    public void close() {
        closed = true;
        Thread thread;
        while ((thread = sleeper) != null && thread != Thread.currentThread()) {
            LockSupport.unpark(thread);
            LockSupport.parkNanos(CLOSE_TURN);
        }
    }
}
