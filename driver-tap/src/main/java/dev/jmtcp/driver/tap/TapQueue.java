package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** One core's queues of all ports. Belongs to one thread, but for {@link #wakeup} and {@link #close}. */
final class TapQueue implements PacketQueue {

    private final PortQueue[] queues;
    private final String[] names;
    private final Rest rest;
    private volatile boolean closed;

    /** Which port's interface is gone; −1 for none. */
    private int lost = -1;

    /** Whether {@link #closed} or {@link #lost}, in one look. */
    private volatile boolean unusable;

    TapQueue(List<TapPort> ports, int core) throws CallFailedException {
        queues = ports.stream().map(port -> port.queue(core)).toArray(PortQueue[]::new);
        names = ports.stream().map(port -> port.port().name()).toArray(String[]::new);
        rest = new Rest(queues);
    }

    @Override
    public int receive(int port, FrameBurst burst) {
        checkUsable();
        int failure = queues[port].incoming().receive(burst);
        if (failure != 0) {
            throw lost(port);
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
        for (int port = 0; port < queues.length; port++) {
            Outgoing outgoing = queues[port].outgoing();
            if (outgoing.flush() != 0) {
                throw lost(port);
            }
            left += outgoing.waiting();
        }
        return left;
    }

    @Override
    public void await(long timeoutNanos) {
        checkUsable();
        int failed = rest.await(hasRoomAgain() ? 0 : timeoutNanos);
        if (failed >= 0) {
            throw lost(failed);
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

    /** Ends an await under way, waits until it has ended, and refuses all calls from then on. From any thread. */
    void close() {
        closed = true;
        unusable = true;
        rest.close();
    }

    private void checkUsable() {
        if (unusable) {
            throw refusal();
        }
    }

    private DeviceFailedException lost(int port) {
        lost = port;
        unusable = true;
        return new DeviceFailedException("the interface " + names[port] + " is gone; open it again");
    }

    private RuntimeException refusal() {
        return closed ? new IllegalStateException("the driver is closed") : lost(lost);
    }
}
