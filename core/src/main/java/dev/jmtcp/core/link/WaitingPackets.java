package dev.jmtcp.core.link;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Copies of packets that wait for their neighbour's hardware address, a list for each. Allocates nothing after construction.
 */
final class WaitingPackets {

    /** No packet. */
    static final int NONE = -1;

    private final Transmitter transmitter;
    private final Counters counters;
    private final int perNeighbour;
    private final int capacity;
    private final MemorySegment memory;
    private final int[] lengths;
    private final int[] next;
    private int free;

    /**
     * @param perNeighbour the most that wait for one neighbour
     * @param count the most that wait for all
     * @param capacity the most bytes of a packet
     */
    WaitingPackets(Transmitter transmitter, int perNeighbour, int count, int capacity, Counters counters) {
        this.transmitter = transmitter;
        this.counters = counters;
        this.perNeighbour = perNeighbour;
        this.capacity = capacity;
        memory = Arena.ofAuto().allocate((long) count * capacity);
        lengths = new int[count];
        next = new int[count];
        for (int i = 0; i < count; i++) {
            next[i] = i + 1 < count ? i + 1 : NONE;
        }
    }

    /** Keeps a copy of a packet; where too many wait already, the oldest for this neighbour gives way (RFC 1122 section 2.3.2.2). */
    void add(Neighbour neighbour, MemorySegment source, long at, int length) {
        if (neighbour.waitingCount == perNeighbour || free == NONE && neighbour.waitingCount > 0) {
            release(neighbour);
            counters.add(Counter.ARP_PENDING_FULL);
        }
        if (free == NONE || length > capacity) {
            counters.add(Counter.ARP_PENDING_FULL);
            return;
        }
        int packet = free;
        free = next[packet];
        next[packet] = NONE;
        lengths[packet] = length;
        MemorySegment.copy(source, at, memory, address(packet), length);
        if (neighbour.firstWaiting == NONE) {
            neighbour.firstWaiting = packet;
        } else {
            next[neighbour.lastWaiting] = packet;
        }
        neighbour.lastWaiting = packet;
        neighbour.waitingCount++;
    }

    /** Sends what waits for a neighbour, whose hardware address is known now. */
    void send(Neighbour neighbour) {
        int port = neighbour.port();
        while (neighbour.firstWaiting != NONE) {
            int packet = neighbour.firstWaiting;
            int length = lengths[packet];
            long at = transmitter.reserve(port, length);
            if (at < 0) {
                drop(neighbour, Counter.TX_RING_FULL);
                return;
            }
            MemorySegment.copy(memory, address(packet), transmitter.memory(port), at, length);
            transmitter.commit(port, neighbour.hardware, Ethernet.TYPE_IPV4, length, TxOffload.NONE);
            release(neighbour);
        }
    }

    /** Throws away what waits for a neighbour. */
    void drop(Neighbour neighbour, Counter reason) {
        counters.add(reason, neighbour.waitingCount);
        while (neighbour.firstWaiting != NONE) {
            release(neighbour);
        }
    }

    /** Frees the oldest that waits for a neighbour. */
    private void release(Neighbour neighbour) {
        int packet = neighbour.firstWaiting;
        neighbour.firstWaiting = next[packet];
        neighbour.waitingCount--;
        if (neighbour.firstWaiting == NONE) {
            neighbour.lastWaiting = NONE;
        }
        next[packet] = free;
        free = packet;
    }

    private long address(int packet) {
        return (long) packet * capacity;
    }
}
