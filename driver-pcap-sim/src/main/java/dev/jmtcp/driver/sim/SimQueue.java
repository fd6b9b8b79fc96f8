package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One core's queues of all ports. Belongs to one thread, but for {@link #wakeup} and {@link #close}. */
final class SimQueue implements PacketQueue {

    private final Endpoint[] endpoints;
    private final Wire[] wires;
    private final int[] maximum;
    private final LongSupplier clock;
    private volatile boolean closed;
    private volatile boolean woken;
    private volatile @Nullable Thread sleeper;

    SimQueue(List<SimPort> ports, int core, LongSupplier clock) {
        this.clock = clock;
        endpoints = ports.stream().map(port -> port.queue(core)).toArray(Endpoint[]::new);
        wires = ports.stream().map(SimPort::wire).toArray(Wire[]::new);
        maximum = ports.stream()
                .mapToInt(port -> port.port().mtu() + WireConfig.ETHERNET_HEADER)
                .toArray();
    }

    @Override
    public int receive(int port, FrameBurst burst) {
        return open(port).receive(burst);
    }

    @Override
    public MemorySegment transmitMemory(int port) {
        open(port);
        return wires[port].memory();
    }

    @Override
    public long reserve(int port, int capacity) {
        Endpoint endpoint = open(port);
        if (capacity < 1 || capacity > maximum[port]) {
            throw new IllegalArgumentException("capacity " + capacity + ", expected 1 to " + maximum[port]);
        }
        return endpoint.reserve(capacity);
    }

    @Override
    public void commit(int port, int length, long offload) {
        Endpoint endpoint = open(port);
        if (offload != 0) {
            throw new IllegalArgumentException("this port does no offloading");
        }
        endpoint.commit(length);
    }

    @Override
    public int flush() {
        checkOpen();
        int left = 0;
        for (Endpoint endpoint : endpoints) {
            left += endpoint.flush();
        }
        return left;
    }

    @Override
    public void await(long timeoutNanos) {
        checkOpen();
        if (!woken && timeoutNanos > 0 && rest() > 0) {
            Thread thread = Thread.currentThread();
            sleeper = thread;
            for (int port = 0; port < endpoints.length; port++) {
                wires[port].sleeper(endpoints[port].place(), thread);
                endpoints[port].park();
            }
            // A frame sent, or a wakeup made, before the senders could see the flags: look again.
            long rest = Math.min(timeoutNanos, rest());
            if (!woken && rest > 0) {
                LockSupport.parkNanos(this, rest);
            }
            for (Endpoint endpoint : endpoints) {
                endpoint.unpark();
            }
            sleeper = null;
        }
        woken = false;
    }

    @Override
    public void wakeup() {
        woken = true;
        LockSupport.unpark(sleeper);
    }

    void close() {
        closed = true;
        wakeup();
    }

    /** How long until there is something to do; at most 0 if there is now. */
    private long rest() {
        long next = Long.MAX_VALUE;
        for (Endpoint endpoint : endpoints) {
            if (endpoint.hasRoomAgain()) {
                return 0;
            }
            next = Math.min(next, endpoint.nextArrival());
        }
        return next == Incoming.NEVER || next == Incoming.NOW ? next : next - clock.getAsLong();
    }

    private Endpoint open(int port) {
        checkOpen();
        return endpoints[port];
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the driver is closed");
        }
    }
}
