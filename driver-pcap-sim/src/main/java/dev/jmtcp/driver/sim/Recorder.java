package dev.jmtcp.driver.sim;

import dev.jmtcp.pcap.CaptureInterface;
import dev.jmtcp.pcap.PcapngWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Records the frames that ports send, as they send them. For any thread. */
final class Recorder {

    private final Path file;
    private final PcapngWriter writer;
    private final long epoch;
    private @Nullable IOException failure;

    /**
     * @param clock the clock by which frames are sent; the times of a {@link VirtualClock} are recorded as they are, those of another are
     *     recorded as the time of day
     */
    Recorder(Path file, List<String> ports, LongSupplier clock) throws IOException {
        this.file = file;
        writer = PcapngWriter.create(
                file, ports.stream().map(CaptureInterface::ethernet).toList());
        epoch = clock instanceof VirtualClock ? 0 : timeOfDay() - clock.getAsLong();
    }

    private static long timeOfDay() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }

    synchronized void record(MemorySegment memory, long offset, int length, long now, int port) {
        if (failure == null) {
            try {
                writer.write(memory, offset, length, length, epoch + now, port, PcapngWriter.OUTBOUND);
            } catch (IOException e) {
                failure = e;
            }
        }
    }

    /**
     * Completes the file.
     *
     * @throws UncheckedIOException if not all could be written
     */
    synchronized void close() {
        try {
            writer.close();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
        if (failure != null) {
            throw new UncheckedIOException(file + ": the recording is not complete", failure);
        }
    }
}
