package dev.jmtcp.driver.dpdk;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A thread that stays in the network namespace in which a driver was opened: what drivers of virtual devices do to the kernel's interfaces when they are closed,
 * by the names of these, they have to do there. For any thread; to be closed.
 */
final class HomeThread implements AutoCloseable {

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("dpdk-home").factory());

    HomeThread() {
        // A thread is in the namespace of the one that starts it, which is now.
        run(() -> {});
    }

    /** Does something in that thread, and returns when it is done. */
    void run(Runnable task) {
        Future<?> done = thread.submit(task);
        boolean interrupted = false;
        while (true) {
            try {
                done.get();
                break;
            } catch (InterruptedException _) {
                interrupted = true; // what has to be closed is closed nevertheless
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
