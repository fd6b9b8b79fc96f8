package dev.jmtcp.driver.dpdk;

import dev.jmtcp.driver.dpdk.bindings.Lcore;
import dev.jmtcp.driver.dpdk.bindings.MbufCache;
import dev.jmtcp.driver.dpdk.bindings.Rest;
import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One core's queues of all ports. Belongs to one thread, but for {@link #wakeup} and {@link #close}. */
final class DpdkQueue implements PacketQueue {

    private final Buffers buffers;
    private final int core;
    private final DpdkPort[] ports;
    private final Incoming[] incoming;
    private final Outgoing[] outgoing;
    private final Rest rest;

    /** The thread that used this last, and its hands in the pools. */
    private @Nullable Thread owner;

    private @Nullable MbufCache receiveCache;
    private @Nullable MbufCache transmitCache;

    /** Which port's device is gone; −1 for none. */
    private int lost = -1;

    private boolean closed;

    /** Whether {@link #closed} or {@link #lost}, in one look. */
    private volatile boolean unusable;

    DpdkQueue(Buffers buffers, List<DpdkPort> ports, int core, LongSupplier clock) {
        this.buffers = buffers;
        this.core = core;
        this.ports = ports.toArray(DpdkPort[]::new);
        incoming = ports.stream().map(port -> port.incoming(core)).toArray(Incoming[]::new);
        outgoing = ports.stream().map(port -> port.outgoing(core)).toArray(Outgoing[]::new);
        rest = new Rest(this::hasWork, clock);
    }

    @Override
    public int receive(int port, FrameBurst burst) {
        MbufCache cache = receiveCache();
        int count = incoming[checked(port)].receive(burst, cache);
        if (count == 0) {
            reclaimIfShort(cache);
        }
        return count;
    }

    /** A device that lacks buffers for what has come gives nothing; those that it has sent may be what is missing, with nothing more to send. */
    private void reclaimIfShort(MbufCache cache) {
        if (cache.lacks(Incoming.BURST)) {
            reclaim();
        }
    }

    /** Has devices give back the buffers of what they have sent. */
    private void reclaim() {
        for (DpdkPort port : ports) {
            port.reclaim(core);
        }
    }

    @Override
    public MemorySegment transmitMemory(int port) {
        return outgoing[checked(port)].memory();
    }

    @Override
    public long reserve(int port, int capacity) {
        Outgoing queue = outgoing[checked(port)];
        long offset = queue.reserve(capacity, transmitCache());
        return offset != FULL || queue.waiting() == Outgoing.MOST_WAITING ? offset : reserveReclaimed(queue, capacity);
    }

    /** The pool is exhausted: what devices have sent may be in their hands still. */
    private long reserveReclaimed(Outgoing queue, int capacity) {
        reclaim();
        return queue.reserve(capacity, transmitCache());
    }

    @Override
    public void commit(int port, int length, long offload) {
        outgoing[checked(port)].commit(length, offload);
    }

    @Override
    public int flush() {
        checkUsable();
        MbufCache cache = transmitCache();
        int left = 0;
        for (Outgoing queue : outgoing) {
            left += queue.flush(cache);
        }
        return left;
    }

    @Override
    public void await(long timeoutNanos) {
        checkUsable();
        attach();
        rest.await(timeoutNanos);
        for (int port = 0; port < ports.length; port++) {
            if (!unusable && ports[port].isGone()) {
                lost = port;
                unusable = true;
                throw refusal();
            }
        }
    }

    /** Whether there is something to do: a frame has come, or there is room again. */
    private boolean hasWork() {
        boolean work = false;
        for (Incoming queue : incoming) {
            work |= queue.look();
        }
        if (!work) {
            reclaimIfShort(receiveCache());
        }
        MbufCache cache = transmitCache();
        for (Outgoing queue : outgoing) {
            work |= queue.hasRoomAgain(cache);
            // What a device did not take it takes some time: the stack is to try again soon.
            work |= queue.waiting() > 0;
        }
        return work;
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

    /** Gives back all buffers, after {@link #close}. From any thread. */
    void release() {
        MbufCache receive = MbufCache.of(buffers.receive(), Lcore.NONE);
        MbufCache transmit = MbufCache.of(buffers.transmit(), Lcore.NONE);
        for (Incoming queue : incoming) {
            queue.release(receive);
        }
        for (Outgoing queue : outgoing) {
            queue.release(transmit);
        }
        receive.close();
        transmit.close();
    }

    private int checked(int port) {
        checkUsable();
        return port;
    }

    private void checkUsable() {
        if (unusable) {
            throw refusal();
        }
    }

    private RuntimeException refusal() {
        return closed
                ? new IllegalStateException("the driver is closed")
                : new DeviceFailedException(
                        "the device of port " + ports[lost].port().name() + " is gone; open it again");
    }

    private MbufCache receiveCache() {
        attach();
        return java.util.Objects.requireNonNull(receiveCache);
    }

    private MbufCache transmitCache() {
        attach();
        return java.util.Objects.requireNonNull(transmitCache);
    }

    /** Takes the calling thread for the owner. */
    private void attach() {
        Thread current = Thread.currentThread();
        if (owner != current) {
            attach(current);
        }
    }

    private void attach(Thread current) {
        detach();
        int lcore = current.isVirtual() ? Lcore.NONE : Lcore.register();
        receiveCache = MbufCache.of(buffers.receive(), lcore);
        transmitCache = MbufCache.of(buffers.transmit(), lcore);
        owner = current;
    }

    private void detach() {
        if (receiveCache != null) {
            receiveCache.close();
        }
        if (transmitCache != null) {
            transmitCache.close();
        }
    }
}
