package dev.jmtcp.apps.demo;

import dev.jmtcp.driver.sim.FrameFilter;
import dev.jmtcp.pcap.CaptureInterface;
import dev.jmtcp.pcap.PcapngWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a wire in a pcapng file, as they are sent, also those that the wire then loses; from a size on no more, and none after it is complete. Belongs to one thread. Recording
 * allocates nothing.
 */
final class DemoCapture implements AutoCloseable {

    /** What a frame takes in the file besides itself, at most: its block's header, flags and padding. */
    private static final int OVERHEAD = 48;

    private final Path file;
    private final PcapngWriter writer;
    private final long mostBytes;
    private long bytes;
    private long frames;
    private long recorded;
    private boolean complete;
    private @Nullable IOException failure;

    /**
     * @param ports the names of the ports, by index
     * @param mostBytes how large the file may become
     */
    DemoCapture(Path file, List<String> ports, long mostBytes) throws IOException {
        this.file = file;
        this.mostBytes = mostBytes;
        writer = PcapngWriter.create(
                file, ports.stream().map(CaptureInterface::ethernet).toList());
    }

    /** What is to see the frames that a port sends. */
    FrameFilter of(int port) {
        return (memory, offset, length, now) -> {
            if (complete) {
                return FrameFilter.PASS;
            }
            frames++;
            if (bytes + length + OVERHEAD <= mostBytes && failure == null) {
                try {
                    writer.write(memory, offset, length, length, now, port, PcapngWriter.UNKNOWN);
                    bytes += length + OVERHEAD;
                    recorded++;
                } catch (IOException e) {
                    failure = e;
                }
            } else {
                bytes = mostBytes; // what came later must not stand behind a gap
            }
            return FrameFilter.PASS;
        };
    }

    /**
     * Completes the file.
     *
     * @return what is in it, for people
     * @throws IOException if not all could be written
     */
    String complete() throws IOException {
        close();
        if (failure != null) {
            throw failure;
        }
        String size = "%d frames, %.1f MB".formatted(recorded, Files.size(file) / 1e6);
        return file + ": " + size + (recorded == frames ? ", all of the run" : ", the first of " + frames);
    }

    @Override
    public void close() throws IOException {
        complete = true;
        writer.close();
    }
}
