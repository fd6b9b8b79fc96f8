package dev.jmtcp.spi.tck.reference;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/** One core's queues of all ports. Rests in short naps, so that nobody has to wake it but for {@link #wakeup}. */
final class ReferenceQueue implements PacketQueue {

    private static final long NAP = 200_000;

    private final ReferencePort[] ports;
    private final int core;
    private final Settings settings;
    private volatile boolean closed;
    private volatile boolean woken;
    private volatile Thread sleeper;
    private Object waste = this;

    ReferenceQueue(ReferencePort[] ports, int core, Settings settings) {
        this.ports = ports;
        this.core = core;
        this.settings = settings;
    }

    @Override
    public int receive(int port, FrameBurst burst) {
        checkOpen();
        return ports[port].incoming(core).receive(burst);
    }

    @Override
    public MemorySegment transmitMemory(int port) {
        checkOpen();
        return ports[port].outgoing(core).memory();
    }

    @Override
    public long reserve(int port, int capacity) {
        checkOpen();
        return ports[port].outgoing(core).reserve(capacity);
    }

    @Override
    public void commit(int port, int length, long offload) {
        checkOpen();
        ports[port].outgoing(core).commit(length, offload);
    }

    @Override
    public int flush() {
        if (settings.defect() != Defect.WORKS_AFTER_CLOSE) {
            checkOpen();
        }
        int left = 0;
        for (ReferencePort port : ports) {
            left += closed ? 0 : port.outgoing(core).flush(port.otherEnd());
        }
        return left;
    }

    @Override
    public void await(long timeoutNanos) {
        checkOpen();
        if (settings.defect() == Defect.ALLOCATES_IN_AWAIT) {
            waste = new byte[16];
        }
        if (timeoutNanos <= 0 || !settings.rests()) {
            woken = false;
            return;
        }
        boolean deaf = settings.defect() == Defect.SLEEPS_THROUGH_FRAMES;
        boolean onAfterClose = settings.defect() == Defect.SLEEPS_THROUGH_CLOSE;
        long start = System.nanoTime();
        sleeper = Thread.currentThread();
        for (long rest = timeoutNanos; rest > 0; rest = timeoutNanos - (System.nanoTime() - start)) {
            if (woken || closed && !onAfterClose || !closed && !deaf && isReady()) {
                break;
            }
            LockSupport.parkNanos(this, Math.min(rest, NAP));
        }
        sleeper = null;
        woken = false;
    }

    private boolean isReady() {
        for (ReferencePort port : ports) {
            if (port.incoming(core).hasArrived() || port.outgoing(core).isWritableAgain()) {
                return true;
            }
        }
        return waste == null;
    }

    @Override
    public void wakeup() {
        if (sleeper != null || settings.defect() != Defect.FORGETS_WAKEUPS) {
            woken = true;
        }
        LockSupport.unpark(sleeper);
    }

    void close() {
        closed = true;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the driver is closed");
        }
    }
}
