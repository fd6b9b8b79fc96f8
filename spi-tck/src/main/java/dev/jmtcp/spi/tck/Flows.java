package dev.jmtcp.spi.tck;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.RxFlags;
import dev.jmtcp.spi.TxOffload;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * TCP flows of one segment each over all queues of a link, and on which queue each arrived. For several threads, each of which keeps to its
 * own queues of both ends.
 */
final class Flows {

    private static final int PAYLOAD = 24;

    /** Not yet arrived. */
    private static final int NOWHERE = -1;

    private final Link link;
    private final int count;
    private final AtomicIntegerArray queueOf;
    private final AtomicIntegerArray hashOf;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger came = new AtomicInteger();

    Flows(Link link, int count) {
        this.link = link;
        this.count = count;
        queueOf = new AtomicIntegerArray(count);
        hashOf = new AtomicIntegerArray(count);
        for (int flow = 0; flow < count; flow++) {
            queueOf.set(flow, NOWHERE);
        }
    }

    /** Whether all flows have arrived. */
    boolean isComplete() {
        return came.get() == count;
    }

    /** The queue that a flow arrived on. */
    int queueOf(int flow) {
        return queueOf.get(flow);
    }

    /** The hash that the device gave a flow, if it gave one. */
    int hashOf(int flow, int otherwise) {
        return hashOf.get(flow) == 0 ? otherwise : hashOf.get(flow);
    }

    /** Sends the flows from {@code first} in steps of {@code step} over one queue, and receives on some, until all flows have arrived. */
    void exchange(int sender, int first, int step, int... receivers) {
        var burst = new FrameBurst(32);
        PacketQueue queue = link.near().queues()[sender];
        int flow = first;
        for (long end = link.deadline(); !isComplete(); ) {
            int before = came.get();
            while (flow < count && hasRoom() && offer(queue, flow)) {
                flow += step;
            }
            queue.flush();
            for (int receiver : receivers) {
                collect(receiver, burst);
            }
            if (came.get() > before) {
                end = link.deadline();
            } else if (link.isBefore(end)) {
                link.turn();
            } else {
                throw new AssertionError(
                        "of " + count + " flows " + sent.get() + " were sent, " + came.get() + " came");
            }
        }
    }

    /** Receives once; a flow may come but once. */
    void collect(int receiver, FrameBurst burst) {
        int frames = link.far().queues()[receiver].receive(link.far().index(), burst);
        for (int i = 0; i < frames; i++) {
            long offset = burst.offset(i);
            if (!TcpFrame.isOurs(burst.memory(), offset, burst.length(i))) {
                continue;
            }
            int flow = TcpFrame.flow(burst.memory(), offset);
            if (flow >= count || !TcpFrame.isIntact(burst.memory(), offset, 0)) {
                throw new AssertionError("flow " + flow + " is not as it was sent");
            }
            if (!queueOf.compareAndSet(flow, NOWHERE, receiver)) {
                throw new AssertionError(
                        "flow " + flow + " came on queue " + queueOf.get(flow) + " and again on queue " + receiver);
            }
            if ((burst.flags(i) & RxFlags.HASH_VALID) != 0) {
                hashOf.set(flow, burst.hash(i));
            }
            came.incrementAndGet();
        }
    }

    private boolean hasRoom() {
        return sent.get() - came.get() < link.fixture().framesInFlight() / 2;
    }

    private boolean offer(PacketQueue queue, int flow) {
        int port = link.near().index();
        int length = TcpFrame.HEADERS + PAYLOAD;
        long offset = queue.reserve(port, length);
        if (offset == PacketQueue.FULL) {
            return false;
        }
        TcpFrame.write(
                queue.transmitMemory(port),
                offset,
                flow,
                PAYLOAD,
                0,
                link.far().mac(),
                link.near().mac());
        sent.incrementAndGet();
        queue.commit(port, length, TxOffload.NONE);
        return true;
    }
}
