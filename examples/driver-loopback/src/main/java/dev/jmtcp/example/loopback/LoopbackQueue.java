package dev.jmtcp.example.loopback;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One core's rings of all ports. Belongs to one thread, but for {@link #wakeup}, {@link #close} and {@link #ring}. */
final class LoopbackQueue implements PacketQueue {

    private final Ring[] rings;
    private volatile boolean closed;
    private volatile boolean woken;
    private volatile @Nullable Thread sleeper;

    LoopbackQueue(Ring[] rings) {
        this.rings = rings;
    }

    Ring ring(int port) {
        return rings[port];
    }

    @Override
    public int receive(int port, FrameBurst burst) {
        return open(port).receive(burst);
    }

    @Override
    public MemorySegment transmitMemory(int port) {
        return open(port).memory();
    }

    @Override
    public long reserve(int port, int capacity) {
        return open(port).reserve(capacity);
    }

    @Override
    public void commit(int port, int length, long offload) {
        open(port).commit(length, offload);
    }

    @Override
    public int flush() {
        checkOpen();
        for (Ring ring : rings) {
            ring.flush();
        }
        return 0;
    }

    @Override
    public void await(long timeoutNanos) {
        checkOpen();
        sleeper = Thread.currentThread();
        if (!woken && timeoutNanos > 0 && !isReady()) {
            LockSupport.parkNanos(this, timeoutNanos);
        }
        sleeper = null;
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

    private boolean isReady() {
        boolean ready = false;
        for (Ring ring : rings) {
            ready |= ring.isReady();
        }
        return ready;
    }

    private Ring open(int port) {
        checkOpen();
        return rings[port];
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the driver is closed");
        }
    }
}
