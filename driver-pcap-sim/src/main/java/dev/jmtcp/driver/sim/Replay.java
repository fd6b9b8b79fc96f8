package dev.jmtcp.driver.sim;

import dev.jmtcp.pcap.CaptureInterface;
import dev.jmtcp.pcap.PcapReader;
import dev.jmtcp.spi.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a capture file that one queue of a port receives, one after the other, and when each is due. Belongs to the queue's
 * thread. Of several queues each reads the file by itself and takes what is steered to it.
 */
final class Replay implements AutoCloseable {

    private static final int SHORTEST = WireConfig.ETHERNET_HEADER;

    final Tally notEthernet = new Tally();
    final Tally tooShort = new Tally();

    private final PcapReader reader;
    private final @Nullable Steering steering;
    private final int queue;
    private final boolean timed;
    private final long start;
    private long first;
    private boolean begun;
    private boolean present;
    private boolean ended;
    private long due;
    private long hash;

    /**
     * @param start when the first frame is due
     * @param steering how frames are spread over the port's queues; null if there is but one
     */
    Replay(Path file, boolean timed, long start, @Nullable Steering steering, int queue) throws IOException {
        reader = PcapReader.open(file);
        this.timed = timed;
        this.start = start;
        this.steering = steering;
        this.queue = queue;
        due = start;
    }

    /** Whether there is a next frame; stays on it until {@link #advance}. */
    boolean hasNext() throws IOException {
        while (!present && !ended) {
            if (!reader.next()) {
                ended = true;
            } else {
                present = accept();
            }
        }
        return present;
    }

    void advance() {
        present = false;
    }

    /** Whether the file has come to its end. */
    boolean hasEnded() {
        return ended;
    }

    /** When the frame is due; never before the one before it. */
    long due() {
        return due;
    }

    MemorySegment memory() {
        return reader.memory();
    }

    long offset() {
        return reader.offset();
    }

    int length() {
        return reader.length();
    }

    /** The frame's hash, or {@link Steering#NONE}. */
    long hash() {
        return hash;
    }

    /** Takes the time of the frame that the reader is at; whether it is one for this queue. */
    private boolean accept() {
        if (!begun) {
            begun = true;
            first = reader.timestamp();
        }
        if (timed) {
            due = Math.max(due, start + (reader.timestamp() - first));
        }
        boolean other = queue != 0;
        if (reader.interfaces().get(reader.interfaceIndex()).linkType() != CaptureInterface.ETHERNET) {
            notEthernet.add(other ? 0 : 1);
            return false;
        }
        if (reader.length() < SHORTEST) {
            tooShort.add(other ? 0 : 1);
            return false;
        }
        hash = Steering.NONE;
        if (steering != null) {
            hash = steering.hash(reader.memory(), reader.offset(), reader.length());
            return (hash == Steering.NONE ? 0 : steering.queueOf((int) hash)) == queue;
        }
        return true;
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
