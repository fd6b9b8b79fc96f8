package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** One core's rings of all ports. Belongs to one thread, but for {@link #wakeup} and {@link #close}. */
final class NetmapQueue implements PacketQueue {

    /** How long to rest at most while a port is down: its descriptor would end each rest at once. */
    private static final long WHILE_DOWN = 10_000_000;

    private final NetmapPort[] ports;
    private final PortQueue[] queues;
    private final Rest rest;
    private volatile boolean closed;

    /** Which port is gone, and why it is; −1 for none. */
    private int lost = -1;

    private String why = "";

    /** Whether {@link #closed} or {@link #lost}, in one look. */
    private volatile boolean unusable;

    NetmapQueue(List<NetmapPort> ports, int core) throws CallFailedException {
        this.ports = ports.toArray(NetmapPort[]::new);
        queues = ports.stream().map(port -> port.queue(core)).toArray(PortQueue[]::new);
        rest = new Rest(queues);
    }

    @Override
    public int receive(int port, FrameBurst burst) {
        checkUsable();
        int errno = queues[port].incoming().receive(burst);
        if (errno != 0) {
            failed(port, errno);
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
            int errno = outgoing.flush();
            if (errno != 0) {
                failed(port, errno);
            }
            left += outgoing.waiting();
        }
        return left;
    }

    @Override
    public void await(long timeoutNanos) {
        checkUsable();
        int port = rest.await(hasRoomAgain() ? 0 : timeoutNanos);
        if (port >= 0) {
            failed(port, Errno.EIO);
            rest.awaitWakeup(Math.min(timeoutNanos, WHILE_DOWN));
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
            throw closed ? new IllegalStateException("the driver is closed") : lost();
        }
    }

    /** A card that is down, or being set up anew, says EIO as well; it comes back. */
    private void failed(int port, int errno) {
        if (errno == Errno.EINTR || errno == Errno.EIO && ports[port].isThere()) {
            return;
        }
        lost = port;
        why = errno == Errno.EIO ? "" : ": " + Errno.text(errno);
        unusable = true;
        throw lost();
    }

    private DeviceFailedException lost() {
        return new DeviceFailedException(
                "the netmap port " + ports[lost].port().name() + " is gone" + why + "; open it again once it is back");
    }
}
