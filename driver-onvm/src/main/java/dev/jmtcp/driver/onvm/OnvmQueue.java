package dev.jmtcp.driver.onvm;

import dev.jmtcp.driver.dpdk.bindings.MbufCache;
import dev.jmtcp.driver.dpdk.bindings.Rest;
import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** One core's network function: its queues of all ports. Belongs to one thread, but for {@link #wakeup} and what ends it. */
final class OnvmQueue implements PacketQueue {

    private static final long LEAVING_TURN = 100_000;
    private static final int LEAVING_TURNS = 2_000;

    private enum State {
        OPEN,

        /** All calls are refused. */
        CLOSED,

        /** All calls fail. */
        FAILED,

        /** The program ends: nothing comes any more and nothing goes. */
        ENDING
    }

    private final Arrivals arrivals;
    private final Outgoing[] outgoing;
    private final MbufCache cache;
    private final Rest rest;

    /** Whether somebody has called. */
    private volatile boolean used;

    /** Whether the owner has seen that the program ends, and so is in no call that began before. */
    private volatile boolean left;

    private volatile State state = State.OPEN;
    private volatile String failure = "";

    OnvmQueue(Arrivals arrivals, Outgoing[] outgoing, MbufCache cache, LongSupplier clock) {
        this.arrivals = arrivals;
        this.outgoing = outgoing.clone();
        this.cache = cache;
        rest = new Rest(this::hasWork, clock);
    }

    @Override
    public int receive(int port, FrameBurst burst) {
        if (isIdle()) {
            burst.begin(outgoing[port].memory());
            return 0;
        }
        return arrivals.receive(port, burst, cache);
    }

    @Override
    public MemorySegment transmitMemory(int port) {
        boolean _ = isIdle();
        return outgoing[port].memory();
    }

    @Override
    public long reserve(int port, int capacity) {
        Outgoing queue = outgoing[port];
        return isIdle() ? FULL : queue.reserve(capacity, cache);
    }

    @Override
    public void commit(int port, int length, long offload) {
        Outgoing queue = outgoing[port];
        if (!isIdle()) {
            queue.commit(length, offload);
        }
    }

    @Override
    public int flush() {
        if (isIdle()) {
            return 0;
        }
        int waiting = 0;
        for (Outgoing queue : outgoing) {
            waiting += queue.flush();
        }
        return waiting;
    }

    @Override
    public void await(long timeoutNanos) {
        if (isIdle()) {
            LockSupport.parkNanos(timeoutNanos);
            return;
        }
        rest.await(timeoutNanos);
        boolean _ = isIdle();
    }

    /** Whether there is something to do: a frame has come, or there is room again. */
    private boolean hasWork() {
        boolean work = arrivals.hasSome();
        for (Outgoing queue : outgoing) {
            // What the manager did not take it takes some time: the stack is to try again soon.
            work |= queue.hasRoomAgain(cache) || queue.waiting() > 0;
        }
        return work || state != State.OPEN;
    }

    @Override
    public void wakeup() {
        rest.wakeup();
    }

    /** Whether the program ends, so that a call has nothing to do; refuses the call where all are. */
    private boolean isIdle() {
        if (state == State.OPEN) {
            if (!used) {
                used = true;
            }
            return false;
        }
        return isIdleNow();
    }

    private boolean isIdleNow() {
        left = switch (state) {
            case CLOSED -> throw new IllegalStateException("the driver is closed");
            case FAILED -> throw new DeviceFailedException(failure);
            case ENDING -> true;
            case OPEN -> throw new IllegalStateException("a queue does not open again");
        };
        return true;
    }

    /** Has all calls fail from now on, an await under way too. From any thread. */
    void fail(String reason) {
        if (state == State.OPEN) {
            failure = reason;
            state = State.FAILED;
            rest.wakeup();
        }
    }

    /** Ends an await under way, waits until it has ended, and refuses all calls from then on. From any thread. */
    void close() {
        state = State.CLOSED;
        rest.close();
    }

    /** Has all calls do nothing from now on, and waits until none is under way that still does. From any thread. */
    void end() {
        boolean wasOpen = state == State.OPEN;
        state = State.ENDING;
        rest.wakeup();
        // A call takes microseconds: an owner that does not come by is in none.
        for (int turn = 0; turn < LEAVING_TURNS && wasOpen && used && !left; turn++) {
            LockSupport.parkNanos(LEAVING_TURN);
        }
    }

    /** Gives back all buffers, after {@link #close} or {@link #end}. From any thread. */
    void release() {
        arrivals.release(cache);
        for (Outgoing queue : outgoing) {
            queue.release(cache);
        }
        cache.close();
    }
}
