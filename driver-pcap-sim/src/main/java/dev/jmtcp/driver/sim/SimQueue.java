package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One core's queues of all ports. Belongs to one thread, but for {@link #wakeup} and {@link #close}. */
final class SimQueue implements PacketQueue {

    private static final long CLOSE_NANOS = 10_000;

    private static final VarHandle CLOSED;

    static {
        try {
            CLOSED = MethodHandles.lookup().findVarHandle(SimQueue.class, "closed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PortQueue[] ports;
    private final LongSupplier clock;
    private final @Nullable VirtualClock jumping;

    /** Written once, by any thread; read without a fence, by {@link #CLOSED}, for each call. */
    private boolean closed;

    private volatile boolean woken;
    private volatile @Nullable Thread sleeper;

    /** @param jumping the clock, if a thread that rests sets it forward instead */
    SimQueue(List<SimPort> opened, int core, LongSupplier clock, @Nullable VirtualClock jumping) {
        this.clock = clock;
        this.jumping = jumping;
        ports = opened.stream().map(port -> port.queues().get(core)).toArray(PortQueue[]::new);
    }

    @Override
    public int receive(int port, FrameBurst burst) {
        return open(port).receive(burst);
    }

    @Override
    public MemorySegment transmitMemory(int port) {
        return open(port).transmitMemory();
    }

    @Override
    public long reserve(int port, int capacity) {
        PortQueue queue = open(port);
        if (capacity < 1 || capacity > queue.maximumFrame()) {
            throw new IllegalArgumentException("capacity " + capacity + ", expected 1 to " + queue.maximumFrame());
        }
        return queue.reserve(capacity);
    }

    @Override
    public void commit(int port, int length, long offload) {
        open(port).commit(length, offload);
    }

    @Override
    public int flush() {
        checkOpen();
        int left = 0;
        for (PortQueue port : ports) {
            left += port.flush();
        }
        return left;
    }

    @Override
    public void await(long timeoutNanos) {
        sleeper = Thread.currentThread(); // close waits until this is over
        try {
            checkOpen();
            if (jumping != null) {
                jump(jumping, timeoutNanos);
            } else if (!woken && timeoutNanos > 0 && rest() > 0) {
                for (PortQueue port : ports) {
                    port.park(Thread.currentThread());
                }
                sleep(timeoutNanos);
                for (PortQueue port : ports) {
                    port.unpark();
                }
            }
            woken = false;
        } finally {
            sleeper = null;
        }
    }

    private void jump(VirtualClock clock, long timeoutNanos) {
        long rest = Math.min(timeoutNanos, rest());
        if (!woken && rest > 0) {
            long now = clock.now();
            clock.advanceTo(rest > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + rest);
        }
    }

    /** Sleeps, unless there is something to do already: a frame sent, or a wakeup made, before this sleeper could be seen. */
    private void sleep(long timeoutNanos) {
        long start = clock.getAsLong();
        long left = timeoutNanos;
        while (left > 0) {
            long longest = longestSleep();
            long rest = Math.min(Math.min(left, longest), rest());
            if (woken || rest <= 0) {
                return;
            }
            LockSupport.parkNanos(this, rest);
            if (rest != longest) {
                return;
            }
            // At least that much has passed, on a clock that stands still too.
            left = Math.min(left - rest, timeoutNanos - (clock.getAsLong() - start));
        }
    }

    private long longestSleep() {
        long longest = Long.MAX_VALUE;
        for (PortQueue port : ports) {
            longest = Math.min(longest, port.longestSleep());
        }
        return longest;
    }

    @Override
    public void wakeup() {
        woken = true;
        LockSupport.unpark(sleeper);
    }

    /** Ends an await under way; when this returns it is over, and none will touch the ports again. */
    void close() {
        CLOSED.setVolatile(this, true);
        while (sleeper != null) {
            wakeup();
            LockSupport.parkNanos(CLOSE_NANOS);
        }
    }

    /** How long until there is something to do; at most 0 if there is now. */
    private long rest() {
        long next = PortQueue.NEVER;
        for (PortQueue port : ports) {
            if (port.hasRoomAgain()) {
                return 0;
            }
            next = Math.min(next, port.nextArrival());
        }
        return next == PortQueue.NEVER || next == PortQueue.NOW ? next : next - clock.getAsLong();
    }

    private PortQueue open(int port) {
        checkOpen();
        return ports[port];
    }

    private void checkOpen() {
        if ((boolean) CLOSED.getOpaque(this)) {
            throw new IllegalStateException("the driver is closed");
        }
    }
}
