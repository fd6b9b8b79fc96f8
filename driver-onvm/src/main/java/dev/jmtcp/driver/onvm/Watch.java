package dev.jmtcp.driver.onvm;

import dev.jmtcp.driver.dpdk.bindings.Eal;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A thread that hears the manager's messages, and sees when it is gone, for all network functions opened together. */
final class Watch {

    private static final long TURN = 50_000_000;
    private static final int TURNS_BETWEEN_LOOKS = 4;

    private final List<NetworkFunction> functions;
    private final List<OnvmQueue> queues;
    private final Thread thread;
    private volatile boolean ended;

    /** Whether the manager was seen to be gone: its memory may be in any state. */
    private volatile boolean gone;

    Watch(List<NetworkFunction> functions, List<OnvmQueue> queues) {
        this.functions = List.copyOf(functions);
        this.queues = List.copyOf(queues);
        thread = Thread.ofPlatform().daemon().name("onvm-watch").start(this::run);
    }

    private void run() {
        for (int turn = 0; !ended; turn++) {
            if (turn % TURNS_BETWEEN_LOOKS == 0 && !Eal.isPrimaryAlive()) {
                gone = true;
                failAll("the openNetVM manager is gone; start it, and then this program again");
                return;
            }
            for (NetworkFunction function : functions) {
                if (function.hears()) {
                    failAll("the openNetVM manager has told instance " + function.instance() + " to stop");
                }
            }
            LockSupport.parkNanos(TURN);
        }
    }

    private void failAll(String reason) {
        queues.forEach(queue -> queue.fail(reason));
    }

    /** Whether the manager is gone, so that nothing of what was shared may be touched any more. */
    boolean isManagerGone() {
        return gone || !Eal.isPrimaryAlive();
    }

    /** Ends the thread. */
    void stop() {
        ended = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            LockSupport.unpark(thread);
            try {
                thread.join(1);
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
