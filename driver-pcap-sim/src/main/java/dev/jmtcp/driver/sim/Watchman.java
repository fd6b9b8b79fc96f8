package dev.jmtcp.driver.sim;

import java.util.concurrent.locks.LockSupport;

/** A thread that looks from time to time whether the processes on a wire still live. */
final class Watchman implements AutoCloseable {

    private static final long ROUND_NANOS = 200_000_000;

    private final Thread thread;
    private volatile boolean closed;

    Watchman(Runnable look) {
        thread = Thread.ofPlatform().daemon().name("jmtcp-wire-watchman").start(() -> {
            while (!closed) {
                LockSupport.parkNanos(ROUND_NANOS);
                if (!closed) {
                    look.run();
                }
            }
        });
    }

    /** Ends it; it is at rest when this returns. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
