package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PortStatistics;
import dev.jmtcp.spi.Tally;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A queue of a device that does more than the wire it is on: what is common to both kinds. */
abstract class OffloadQueue extends PortQueue {

    final PortQueue wire;
    private final Tally rxPackets = new Tally();
    private final Tally rxBytes = new Tally();
    private FrameBurst received = new FrameBurst(1);

    OffloadQueue(PortQueue wire) {
        this.wire = wire;
    }

    /**
     * Makes queues do what is asked for.
     *
     * @param arena where memory comes from; lives as long as the queues
     * @param longest the longest frame that may come from the wire
     */
    static List<PortQueue> around(List<? extends PortQueue> queues, Offloading offloading, Arena arena, int longest) {
        return switch (offloading) {
            case NONE -> List.copyOf(queues);
            case CHECKSUM -> queues.stream().<PortQueue>map(ChecksumQueue::new).toList();
            case ALL ->
                queues.stream()
                        .<PortQueue>map(queue -> new SegmentingQueue(queue, arena, longest))
                        .toList();
        };
    }

    /** Receives what the wire has, as much as fits into the burst. */
    final FrameBurst receiveFromWire(FrameBurst burst) {
        if (received.capacity() != burst.capacity()) {
            received = new FrameBurst(burst.capacity());
        }
        wire.receive(received);
        return received;
    }

    /** Counts the frames of a burst that is complete. */
    final int count(FrameBurst burst) {
        long bytes = 0;
        for (int i = 0; i < burst.count(); i++) {
            bytes += burst.length(i);
        }
        rxPackets.add(burst.count());
        rxBytes.add(bytes);
        return burst.count();
    }

    @Override
    MemorySegment transmitMemory() {
        return wire.transmitMemory();
    }

    @Override
    int maximumFrame() {
        return wire.maximumFrame();
    }

    @Override
    int flush() {
        return wire.flush();
    }

    @Override
    long nextArrival() {
        return wire.nextArrival();
    }

    @Override
    boolean hasRoomAgain() {
        return wire.hasRoomAgain();
    }

    @Override
    void park(Thread thread) {
        wire.park(thread);
    }

    @Override
    void unpark() {
        wire.unpark();
    }

    @Override
    long longestSleep() {
        return wire.longestSleep();
    }

    @Override
    PortStatistics statistics() {
        PortStatistics below = wire.statistics();
        return new PortStatistics(
                rxPackets.value(), rxBytes.value(), below.txPackets(), below.txBytes(), below.drops());
    }
}
