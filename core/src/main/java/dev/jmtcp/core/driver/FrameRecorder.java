package dev.jmtcp.core.driver;

import dev.jmtcp.pcap.CaptureInterface;
import dev.jmtcp.pcap.PcapngWriter;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.Port;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pcapng file that the queues of all cores record to, one at a time. Recording allocates nothing. When the file cannot be written any more,
 * recording ends with one warning, and traffic goes on.
 */
final class FrameRecorder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FrameRecorder.class);

    /** So much at most is lost when the program dies. */
    private static final long FLUSH_NANOS = 1_000_000_000;

    private final Path file;
    private final PcapngWriter writer;
    private final LongSupplier epochNanos;
    private long flushedAt;
    private boolean open = true;

    /**
     * @param epochNanos the time of day in nanoseconds since 1970
     * @throws IOException if the file cannot be created
     */
    FrameRecorder(Path file, List<Port> ports, LongSupplier epochNanos) throws IOException {
        this.file = file;
        this.epochNanos = epochNanos;
        writer = PcapngWriter.create(
                file,
                ports.stream()
                        .map(port -> CaptureInterface.ethernet(port.name()))
                        .toList());
        flushedAt = epochNanos.getAsLong();
    }

    /** Records the frames received on a port. */
    synchronized void received(int port, FrameBurst burst) {
        if (!open) {
            return;
        }
        long now = epochNanos.getAsLong();
        MemorySegment memory = burst.memory();
        try {
            for (int i = 0; i < burst.count(); i++) {
                int length = burst.length(i);
                writer.write(memory, burst.offset(i), length, length, now, port, PcapngWriter.INBOUND);
            }
            flushIfDue(now);
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Records a frame sent on a port. */
    synchronized void sent(int port, MemorySegment memory, long offset, int length) {
        if (!open) {
            return;
        }
        try {
            writer.write(memory, offset, length, length, epochNanos.getAsLong(), port, PcapngWriter.OUTBOUND);
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Hands to the file what was recorded longer ago than a second. */
    synchronized void flushIfDue() {
        if (!open) {
            return;
        }
        try {
            flushIfDue(epochNanos.getAsLong());
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Ends the file. A second close does nothing. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            try {
                writer.close();
            } catch (IOException e) {
                warn(e);
            }
        }
    }

    private void flushIfDue(long now) throws IOException {
        if (now - flushedAt >= FLUSH_NANOS) {
            flushedAt = now;
            writer.flush();
        }
    }

    private void fail(IOException cause) {
        open = false;
        warn(cause);
        try {
            writer.close();
        } catch (IOException e) {
            LOG.debug("{} could not be closed either", file, e);
        }
    }

    private void warn(IOException cause) {
        LOG.warn("frames are no longer recorded: {} cannot be written: {}", file, cause.getMessage());
    }
}
