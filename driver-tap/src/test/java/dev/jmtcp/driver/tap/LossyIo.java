package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;

/** A driver with one queue on a wire that loses frames in both directions, by a seed. */
final class LossyIo implements PacketIo {

    private final PacketIo io;
    private final PacketQueue queue;

    LossyIo(PacketIo io, double loss, long seed) {
        this.io = io;
        queue = new LossyQueue(io.queue(0), loss, new SplittableRandom(seed));
    }

    private static final class LossyQueue implements PacketQueue {

        private static final int BURST = 64;

        private final PacketQueue queue;
        private final double loss;
        private final SplittableRandom random;
        private final FrameBurst all = new FrameBurst(BURST);

        LossyQueue(PacketQueue queue, double loss, SplittableRandom random) {
            this.queue = queue;
            this.loss = loss;
            this.random = random;
        }

        @Override
        public int receive(int port, FrameBurst burst) {
            queue.receive(port, all);
            burst.begin(all.memory());
            for (int i = 0; i < all.count(); i++) {
                if (random.nextDouble() >= loss) {
                    burst.add(all.offset(i), all.length(i), all.flags(i), all.hash(i));
                }
            }
            return burst.count();
        }

        @Override
        public MemorySegment transmitMemory(int port) {
            return queue.transmitMemory(port);
        }

        @Override
        public long reserve(int port, int capacity) {
            return queue.reserve(port, capacity);
        }

        @Override
        public void commit(int port, int length, long offload) {
            if (random.nextDouble() >= loss) {
                queue.commit(port, length, offload);
            }
        }

        @Override
        public int flush() {
            return queue.flush();
        }

        @Override
        public void await(long timeoutNanos) {
            queue.await(timeoutNanos);
        }

        @Override
        public void wakeup() {
            queue.wakeup();
        }
    }

    @Override
    public List<Port> ports() {
        return io.ports();
    }

    @Override
    public PacketQueue queue(int core) {
        return core == 0 ? queue : io.queue(core);
    }

    @Override
    public PortStatistics statistics(int port) {
        return io.statistics(port);
    }

    @Override
    public boolean linkUp(int port) {
        return io.linkUp(port);
    }

    @Override
    public void close() {
        io.close();
    }
}
