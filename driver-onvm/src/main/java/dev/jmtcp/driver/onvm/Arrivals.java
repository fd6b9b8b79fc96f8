package dev.jmtcp.driver.onvm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jmtcp.driver.dpdk.bindings.Mbuf;
import dev.jmtcp.driver.dpdk.bindings.MbufCache;
import dev.jmtcp.driver.dpdk.bindings.Native;
import dev.jmtcp.driver.dpdk.bindings.Ring;
import dev.jmtcp.spi.FrameBurst;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What comes for a core, by whatever port, sorted by ports: a network function has one queue. A frame that names none of the stack's ports is of the first.
 * Belongs to the queue's thread.
 */
final class Arrivals {

    private final Ring queue;
    private final Incoming[] ports;

    /** The place of a port among the stack's, by its number with the manager. */
    private final byte[] places = new byte[OnvmLayout.PORTS_MAX];

    private final MemorySegment array = Arena.ofAuto().allocate(JAVA_LONG, Incoming.BURST);
    private final long taken = array.address();

    /** @param numbers the ports' numbers with the manager */
    Arrivals(Ring queue, Incoming[] ports, int[] numbers) {
        this.queue = queue;
        this.ports = ports;
        for (int place = 0; place < numbers.length; place++) {
            places[numbers[place]] = (byte) place;
        }
    }

    int receive(int port, FrameBurst burst, MbufCache cache) {
        Incoming incoming = ports[port];
        incoming.takeBack(burst, cache);
        if (incoming.isEmpty()) {
            take();
        }
        return incoming.handOver(burst);
    }

    /** Whether a frame is there to be received. */
    boolean hasSome() {
        for (Incoming incoming : ports) {
            if (!incoming.isEmpty()) {
                return true;
            }
        }
        return queue.count() > 0;
    }

    private void take() {
        int most = Incoming.BURST;
        for (Incoming incoming : ports) {
            most = Math.min(most, incoming.room());
        }
        int count = queue.take(taken, most);
        for (int i = 0; i < count; i++) {
            long mbuf = Native.getLong(taken + (long) i * Long.BYTES);
            int number = Native.getShort(mbuf + Mbuf.PORT);
            ports[number < places.length ? places[number] : 0].add(mbuf);
        }
    }

    /** Gives back all buffers; what still comes is the manager's. */
    void release(MbufCache cache) {
        for (Incoming incoming : ports) {
            incoming.release(cache);
        }
    }
}
