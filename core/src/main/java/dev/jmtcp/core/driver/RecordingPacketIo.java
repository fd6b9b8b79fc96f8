package dev.jmtcp.core.driver;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Any driver, with all frames recorded to a pcapng file on their way. A sent frame is recorded as it was committed: checksums that the device
 * fills in are not there yet, and one that the device cuts into segments is whole. Frames that the device loses later are in the file too.
 */
public final class RecordingPacketIo implements PacketIo {

    private final PacketIo io;
    private final FrameRecorder recorder;
    private final List<Queue> queues;

    /**
     * @param io the driver's open ports; closed with this
     * @param queues how many cores it has queues for
     * @param file the file, made anew
     * @param epochNanos the time of day in nanoseconds since 1970; called on every thread that owns a queue
     * @throws IOException if the file cannot be created; {@code io} stays open
     */
    public RecordingPacketIo(PacketIo io, int queues, Path file, LongSupplier epochNanos) throws IOException {
        this.io = io;
        recorder = new FrameRecorder(file, io.ports(), epochNanos);
        List<Queue> recording = new ArrayList<>();
        for (int core = 0; core < queues; core++) {
            recording.add(new Queue(io.queue(core), io.ports().size(), recorder));
        }
        this.queues = List.copyOf(recording);
    }

    @Override
    public List<Port> ports() {
        return io.ports();
    }

    @Override
    public PacketQueue queue(int core) {
        return queues.get(core);
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
        try {
            io.close();
        } finally {
            recorder.close();
        }
    }

    /** One core's queue. */
    private static final class Queue implements PacketQueue {

        private final PacketQueue queue;
        private final FrameRecorder recorder;

        /** Where the reserved frame of each port begins, or {@link #FULL}. */
        private final long[] reserved;

        Queue(PacketQueue queue, int ports, FrameRecorder recorder) {
            this.queue = queue;
            this.recorder = recorder;
            reserved = new long[ports];
            Arrays.fill(reserved, FULL);
        }

        @Override
        public int receive(int port, FrameBurst burst) {
            int count = queue.receive(port, burst);
            if (count > 0) {
                recorder.received(port, burst);
            }
            return count;
        }

        @Override
        public MemorySegment transmitMemory(int port) {
            return queue.transmitMemory(port);
        }

        @Override
        public long reserve(int port, int capacity) {
            long offset = queue.reserve(port, capacity);
            reserved[port] = offset;
            return offset;
        }

        /** The frame belongs to the driver once it is committed, so it is recorded before; what the driver then refuses was recorded in vain. */
        @Override
        public void commit(int port, int length, long offload) {
            long offset = reserved[port];
            MemorySegment memory = queue.transmitMemory(port);
            if (offset >= 0 && length > 0 && length <= memory.byteSize() - offset) {
                recorder.sent(port, memory, offset, length);
            }
            queue.commit(port, length, offload);
            reserved[port] = FULL;
        }

        @Override
        public int flush() {
            return queue.flush();
        }

        @Override
        public void await(long timeoutNanos) {
            recorder.flushIfDue();
            queue.await(timeoutNanos);
        }

        @Override
        public void wakeup() {
            queue.wakeup();
        }
    }
}
