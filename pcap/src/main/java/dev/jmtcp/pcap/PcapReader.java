package dev.jmtcp.pcap;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;

/**
 * Reads a capture file frame by frame: pcap in both byte orders with microseconds or nanoseconds, and pcapng in both byte orders. A file
 * that is cut off or damaged gives its frames up to there, then a {@link PcapException}. Used by one thread at a time; once warm,
 * reading a frame allocates nothing.
 *
 * <p>Sources: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.
 */
public final class PcapReader implements Closeable {

    /** The longest frame in bytes that is taken for one; a file that says it has a longer one counts as damaged. */
    public static final int MAXIMUM_LENGTH = 1 << 18;

    private final Input input;
    private final Format format;

    private PcapReader(Input input) throws IOException {
        this.input = input;
        format = format(input);
    }

    /** Opens a file. */
    public static PcapReader open(Path file) throws IOException {
        return of(FileChannel.open(file, StandardOpenOption.READ), file.toString());
    }

    /**
     * Reads from a channel in blocking mode, which this reader then owns.
     *
     * @param name what errors call it
     */
    public static PcapReader of(ReadableByteChannel channel, String name) throws IOException {
        var input = new Input(channel, name);
        try {
            return new PcapReader(input);
        } catch (IOException | RuntimeException e) {
            input.close();
            throw e;
        }
    }

    private static Format format(Input input) throws IOException {
        input.require(4, "a magic number");
        int magic = input.i32(0);
        if (magic == PcapngFormat.SECTION_HEADER) {
            return new PcapngFormat(input);
        }
        return PcapFormat.of(magic, input);
    }

    /**
     * Goes on to the next frame; the memory of the one before is used again.
     *
     * @return whether there is one
     */
    public boolean next() throws IOException {
        return format.next();
    }

    /** The memory the frame lies in: native, valid until the next call of {@link #next} or {@link #close}. */
    public MemorySegment memory() {
        return input.memory();
    }

    /** Where the frame begins in {@link #memory}. */
    public long offset() {
        return format.offset;
    }

    /** How many bytes of the frame the file holds. */
    public int length() {
        return format.length;
    }

    /** How many bytes the frame had on the wire; more than {@link #length} if the capture cut it. */
    public long originalLength() {
        return format.originalLength;
    }

    /** When the frame was captured: nanoseconds since 1970-01-01T00:00:00Z. Of a frame that bears no time, that of the frame before. */
    public long timestamp() {
        return format.timestamp;
    }

    /** What the frame was captured on: its place in {@link #interfaces}. */
    public int interfaceIndex() {
        return format.interfaceIndex;
    }

    /** The interfaces that the file has named so far, those of its first section first. */
    public List<CaptureInterface> interfaces() {
        return Collections.unmodifiableList(format.interfaces);
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
