package dev.jmtcp.pcap;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes a pcapng file: one section, any number of interfaces, times in nanoseconds, in native byte order. Used by one thread at a time;
 * writing a frame allocates nothing. What is written is buffered: {@link #flush} hands it to the file.
 *
 * <p>Source: draft-ietf-opsawg-pcapng.
 */
public final class PcapngWriter implements Closeable {

    /** Which way a frame went is not said. */
    public static final int UNKNOWN = 0;

    /** The frame was received. */
    public static final int INBOUND = 1;

    /** The frame was sent. */
    public static final int OUTBOUND = 2;

    private static final int BUFFER = 1 << 20;
    private static final int FRAME_HEADER = 28;
    private static final int FLAGS_OPTION = 2;
    private static final int FLAGS_SIZE = 12;
    private static final int TRAILER = 4;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private final WritableByteChannel channel;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BUFFER);
    private final ByteBuffer bytes = buffer.asByteBuffer();
    private final int interfaces;
    private int end;

    private PcapngWriter(WritableByteChannel channel, List<CaptureInterface> interfaces) throws IOException {
        this.channel = channel;
        this.interfaces = interfaces.size();
        writeSection();
        for (CaptureInterface described : interfaces) {
            writeInterface(described);
        }
    }

    /** Creates a file, or empties the one that is there. */
    public static PcapngWriter create(Path file, List<CaptureInterface> interfaces) throws IOException {
        return of(
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE),
                interfaces);
    }

    /** Writes to a channel in blocking mode, which this writer then owns. */
    public static PcapngWriter of(WritableByteChannel channel, List<CaptureInterface> interfaces) throws IOException {
        try {
            return new PcapngWriter(channel, interfaces);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Writes a whole frame whose direction is not said: see {@link #write(MemorySegment, long, int, int, long, int, int)}. */
    public void write(MemorySegment memory, long offset, int length, long timestamp, int onInterface)
            throws IOException {
        write(memory, offset, length, length, timestamp, onInterface, UNKNOWN);
    }

    /**
     * Writes a frame.
     *
     * @param memory where it lies; read during this call only
     * @param offset where it begins
     * @param length how many bytes of it are written; at most {@link PcapReader#MAXIMUM_LENGTH}
     * @param originalLength how many bytes it had on the wire
     * @param timestamp nanoseconds since 1970-01-01T00:00:00Z
     * @param onInterface the place of its interface in the list that this writer was made with
     * @param direction {@link #UNKNOWN}, {@link #INBOUND} or {@link #OUTBOUND}
     */
    public void write(
            MemorySegment memory,
            long offset,
            int length,
            int originalLength,
            long timestamp,
            int onInterface,
            int direction)
            throws IOException {
        if (length < 0 || length > PcapReader.MAXIMUM_LENGTH) {
            throw new IllegalArgumentException("length: " + length);
        }
        if (onInterface < 0 || onInterface >= interfaces) {
            throw new IllegalArgumentException("interface: " + onInterface);
        }
        int padded = length + 3 & ~3;
        int total = FRAME_HEADER + padded + (direction == UNKNOWN ? 0 : FLAGS_SIZE) + TRAILER;
        int at = room(total);
        buffer.set(INT, at, PcapngFormat.ENHANCED_PACKET);
        buffer.set(INT, at + 4, total);
        buffer.set(INT, at + 8, onInterface);
        buffer.set(INT, at + 12, (int) (timestamp >>> 32));
        buffer.set(INT, at + 16, (int) timestamp);
        buffer.set(INT, at + 20, length);
        buffer.set(INT, at + 24, originalLength);
        at += FRAME_HEADER;
        MemorySegment.copy(memory, offset, buffer, at, length);
        for (int i = length; i < padded; i++) {
            buffer.set(BYTE, at + i, (byte) 0);
        }
        at += padded;
        if (direction != UNKNOWN) {
            buffer.set(SHORT, at, (short) FLAGS_OPTION);
            buffer.set(SHORT, at + 2, (short) 4);
            buffer.set(INT, at + 4, direction);
            buffer.set(INT, at + 8, PcapngFormat.OPTION_END);
            at += FLAGS_SIZE;
        }
        buffer.set(INT, at, total);
        end += total;
    }

    /** Hands what is buffered to the file. */
    public void flush() throws IOException {
        bytes.limit(end).position(0);
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } finally {
            end = bytes.remaining();
            MemorySegment.copy(buffer, bytes.position(), buffer, 0, end);
        }
    }

    /** Writes what is buffered and closes the file. A second close does nothing. */
    @Override
    public void close() throws IOException {
        if (!arena.scope().isAlive()) {
            return;
        }
        try (channel) {
            flush();
        } finally {
            arena.close();
        }
    }

    /** Where in the buffer a block of so many bytes can be written; it counts once {@link #end} is raised. */
    private int room(int length) throws IOException {
        if (length > BUFFER - end) {
            flush();
        }
        return end;
    }

    private void writeSection() throws IOException {
        int total = 28;
        int at = room(total);
        buffer.set(INT, at, PcapngFormat.SECTION_HEADER);
        buffer.set(INT, at + 4, total);
        buffer.set(INT, at + 8, PcapngFormat.BYTE_ORDER_MAGIC);
        buffer.set(SHORT, at + 12, (short) 1);
        buffer.set(SHORT, at + 14, (short) 0);
        buffer.set(LONG, at + 16, -1); // the section's length is not said
        buffer.set(INT, at + 24, total);
        end += total;
    }

    private void writeInterface(CaptureInterface described) throws IOException {
        byte[] name = described.name().getBytes(StandardCharsets.UTF_8);
        if (name.length > 0xffff) {
            throw new IllegalArgumentException("a name of " + name.length + " bytes");
        }
        int padded = name.length + 3 & ~3;
        int total = 16 + 4 + padded + 8 + 4 + TRAILER;
        int at = room(total);
        buffer.asSlice(at, total).fill((byte) 0);
        buffer.set(INT, at, PcapngFormat.INTERFACE_DESCRIPTION);
        buffer.set(INT, at + 4, total);
        buffer.set(SHORT, at + 8, (short) described.linkType());
        buffer.set(INT, at + 12, 0); // frames are not cut
        at += 16;
        buffer.set(SHORT, at, (short) PcapngFormat.OPTION_NAME);
        buffer.set(SHORT, at + 2, (short) name.length);
        MemorySegment.copy(name, 0, buffer, BYTE, at + 4, name.length);
        at += 4 + padded;
        buffer.set(SHORT, at, (short) PcapngFormat.OPTION_RESOLUTION);
        buffer.set(SHORT, at + 2, (short) 1);
        buffer.set(BYTE, at + 4, (byte) Resolution.NANOSECONDS);
        at += 8;
        buffer.set(INT, at, PcapngFormat.OPTION_END);
        buffer.set(INT, at + 4, total);
        end += total;
    }
}
