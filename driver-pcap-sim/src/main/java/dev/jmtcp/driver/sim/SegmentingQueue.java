package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A queue of a device with memory of its own, in which it cuts and coalesces TCP segments; it fills in and checks checksums too. */
final class SegmentingQueue extends OffloadQueue {

    private static final int NOTHING = -1;

    private final Arena arena;
    private final Staging staging;
    private final Segmenter segmenter = new Segmenter();
    private final Coalescer coalescer = new Coalescer();
    private final int longest;
    private MemorySegment receiveMemory = MemorySegment.NULL;
    private long reserved;
    private int capacity = NOTHING;
    private boolean cutting;
    private boolean wasFull;

    /**
     * @param arena where memory comes from; lives as long as this
     * @param longest the longest frame that may come from the wire
     */
    SegmentingQueue(PortQueue wire, Arena arena, int longest) {
        super(wire);
        this.arena = arena;
        this.longest = longest;
        staging = new Staging(arena);
    }

    @Override
    int receive(FrameBurst burst) {
        long needed = Coalescer.memorySize(burst.capacity(), longest);
        if (receiveMemory.byteSize() < needed) {
            receiveMemory = arena.allocate(needed, Layout.LINE);
        }
        FrameBurst received = receiveFromWire(burst);
        coalescer.begin(burst, receiveMemory);
        for (int i = 0; i < received.count(); i++) {
            coalescer.add(
                    burst,
                    received.memory(),
                    received.offset(i),
                    received.length(i),
                    received.flags(i),
                    received.hash(i));
        }
        coalescer.finish(burst);
        return count(burst);
    }

    @Override
    MemorySegment transmitMemory() {
        return staging.memory();
    }

    @Override
    int maximumFrame() {
        return Offloading.MAXIMUM_TSO_FRAME;
    }

    @Override
    long reserve(int capacity) {
        reserved = staging.room(capacity);
        wasFull = reserved == NOTHING;
        this.capacity = wasFull ? NOTHING : capacity;
        return wasFull ? PacketQueue.FULL : reserved;
    }

    @Override
    void checkCommit(int length) {
        checkCommit(length, capacity);
    }

    @Override
    void commit(int length, long offload) {
        checkCommit(length);
        TransmitWork.check(length, offload, true, wire.maximumFrame());
        staging.add(reserved, length, offload);
        capacity = NOTHING;
    }

    @Override
    int flush() {
        while (staging.count() > 0 && send()) {
            staging.remove();
        }
        return staging.count() + wire.flush();
    }

    /** Hands the oldest frame to the wire; false if that has no room for all of it. */
    private boolean send() {
        int length = staging.length();
        long offload = staging.offload();
        if ((TxOffload.flags(offload) & TxOffload.TCP_SEGMENTATION) == 0) {
            long at = wire.reserve(length);
            if (at == PacketQueue.FULL) {
                return false;
            }
            MemorySegment memory = wire.transmitMemory();
            MemorySegment.copy(staging.memory(), staging.offset(), memory, at, length);
            TransmitWork.fillChecksums(memory, at, length, offload);
            wire.commit(length, 0);
            return true;
        }
        if (!cutting) {
            segmenter.begin(staging.memory(), staging.offset(), length, offload);
            cutting = true;
        }
        while (cutting) {
            int next = segmenter.nextLength();
            long at = wire.reserve(next);
            if (at == PacketQueue.FULL) {
                return false;
            }
            cutting = !segmenter.write(wire.transmitMemory(), at);
            wire.commit(next, 0);
        }
        return true;
    }

    @Override
    boolean hasRoomAgain() {
        if (wasFull && staging.room(maximumFrame()) != NOTHING) {
            wasFull = false;
            return true;
        }
        return wire.hasRoomAgain();
    }
}
