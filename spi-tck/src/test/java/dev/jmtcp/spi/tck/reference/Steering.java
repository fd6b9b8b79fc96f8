package dev.jmtcp.spi.tck.reference;

import dev.jmtcp.spi.Rss;
import dev.jmtcp.spi.Toeplitz;
import java.lang.foreign.MemorySegment;

/** Chooses the queue of an incoming frame: by RSS where that is listed, else the number of the queue that sent it. */
final class Steering {

    private final Rss rss;
    private final Toeplitz toeplitz;
    private final int queues;
    private final Defect defect;

    Steering(Rss rss, int queues, Defect defect) {
        this.rss = rss;
        this.queues = queues;
        this.defect = defect;
        toeplitz = rss == null ? null : new Toeplitz(rss.key());
    }

    boolean hashes(MemorySegment memory, long offset, int length) {
        return rss != null && Bytes.isTcp(memory, offset, length);
    }

    int hash(MemorySegment memory, long offset) {
        int ports = Bytes.int32(memory, offset + 14 + 20);
        return toeplitz.hash(
                Bytes.int32(memory, offset + 14 + 12),
                Bytes.int32(memory, offset + 14 + 16),
                ports >>> 16,
                ports & 0xffff);
    }

    int queue(MemorySegment memory, long offset, int length, int sender) {
        if (rss == null) {
            return sender % queues;
        }
        if (!Bytes.isTcp(memory, offset, length)) {
            return 0;
        }
        int queue = rss.queueOf(hash(memory, offset));
        return defect == Defect.PICKS_THE_WRONG_QUEUE ? (queue + 1) % queues : queue;
    }
}
