package dev.jmtcp.driver.psio;

import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;

/** One core's queues of all ports. Belongs to one thread, but for {@link #wakeup} and {@link #close}. */
final class PsioQueue implements PacketQueue {

    private final Handle handle;
    private final PortQueue[] queues;
    private final Rest rest;
    private volatile boolean closed;

    /** Why the device failed: a number of {@link Errno}; 0 while it works. */
    private int failure;

    /** Whether {@link #closed} or {@link #failure}, in one look. */
    private volatile boolean unusable;

    /** Takes over all it is given. */
    PsioQueue(Handle handle, PortQueue[] queues, Rest rest) {
        this.handle = handle;
        this.queues = queues;
        this.rest = rest;
    }

    PortQueue port(int port) {
        return queues[port];
    }

    @Override
    public int receive(int port, FrameBurst burst) {
        checkUsable();
        int errno = queues[port].incoming().receive(burst);
        if (errno != 0) {
            throw failed(errno);
        }
        return burst.count();
    }

    @Override
    public MemorySegment transmitMemory(int port) {
        checkUsable();
        return queues[port].outgoing().memory();
    }

    @Override
    public long reserve(int port, int capacity) {
        checkUsable();
        return queues[port].outgoing().reserve(capacity);
    }

    @Override
    public void commit(int port, int length, long offload) {
        checkUsable();
        queues[port].outgoing().commit(length, offload);
    }

    @Override
    public int flush() {
        checkUsable();
        int left = 0;
        for (PortQueue queue : queues) {
            Outgoing outgoing = queue.outgoing();
            int errno = outgoing.flush();
            if (errno != 0) {
                throw failed(errno);
            }
            left += outgoing.waiting();
        }
        return left;
    }

    @Override
    public void await(long timeoutNanos) {
        checkUsable();
        int errno = rest.await(hasRoomAgain() ? 0 : timeoutNanos);
        if (errno != 0) {
            throw failed(errno);
        }
    }

    private boolean hasRoomAgain() {
        boolean room = false;
        for (PortQueue queue : queues) {
            room |= queue.outgoing().hasRoomAgain();
        }
        return room;
    }

    @Override
    public void wakeup() {
        rest.wakeup();
    }

    /** Ends an await under way, waits until it has ended, refuses all calls from then on, and gives the receive queues back. From any thread; once. */
    void close() {
        closed = true;
        unusable = true;
        rest.close();
        handle.close();
    }

    private void checkUsable() {
        if (unusable) {
            throw refusal();
        }
    }

    private DeviceFailedException failed(int errno) {
        failure = errno;
        unusable = true;
        return new DeviceFailedException(Ps.DEVICE + " failed: " + Errno.text(errno) + "; open it again");
    }

    private RuntimeException refusal() {
        return closed ? new IllegalStateException("the driver is closed") : failed(failure);
    }
}
