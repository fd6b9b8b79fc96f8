package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.FrameBurst;
import java.lang.foreign.MemorySegment;

/** A queue of a device that fills in and checks checksums, in the frames where they lie. */
final class ChecksumQueue extends OffloadQueue {

    private final ParsedFrame parsed = new ParsedFrame();
    private long reserved;

    ChecksumQueue(PortQueue wire) {
        super(wire);
    }

    @Override
    int receive(FrameBurst burst) {
        FrameBurst received = receiveFromWire(burst);
        MemorySegment memory = received.memory();
        burst.begin(memory);
        for (int i = 0; i < received.count(); i++) {
            parsed.parse(memory, received.offset(i), received.length(i));
            burst.add(received.offset(i), received.length(i), received.flags(i) | parsed.flags, received.hash(i));
        }
        return count(burst);
    }

    @Override
    long reserve(int capacity) {
        reserved = wire.reserve(capacity);
        return reserved;
    }

    @Override
    void commit(int length, long offload) {
        wire.checkCommit(length);
        TransmitWork.check(length, offload, false, wire.maximumFrame());
        TransmitWork.fillChecksums(wire.transmitMemory(), reserved, length, offload);
        wire.commit(length, 0);
    }

    @Override
    void checkCommit(int length) {
        wire.checkCommit(length);
    }
}
