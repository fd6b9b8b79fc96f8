package dev.jmtcp.driver.sim;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** What stands at the beginning of a wire's file, read and written without mapping it. Under the file's control lock. */
final class FileHeader {

    private static final String NO_WIRE = "it is something else; name another, or remove it";

    private static final long NOBODY = -1;

    private final FileChannel channel;

    FileHeader(FileChannel channel) {
        this.channel = channel;
    }

    /** Whether a process runs that has a place on the wire. */
    boolean hasRunningProcess() throws IOException {
        return hasRunningProcess(NOBODY);
    }

    /** Whether another process than this runs that has a place on the wire. */
    boolean hasOtherRunningProcess() throws IOException {
        return hasRunningProcess(Processes.OWN);
    }

    private boolean hasRunningProcess(long except) throws IOException {
        int size = (int) Layout.place(WireConfig.MAXIMUM_PLACES);
        ByteBuffer bytes = ByteBuffer.allocate(size);
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
            // until all is there, or the file ends
        }
        MemorySegment header = MemorySegment.ofBuffer(bytes.flip());
        if (bytes.limit() < Layout.HEADER_SIZE
                || header.get(ValueLayout.JAVA_LONG_UNALIGNED, Layout.MAGIC_AT) != Layout.MAGIC
                || header.get(ValueLayout.JAVA_LONG_UNALIGNED, Layout.VERSION_AT) != Layout.VERSION) {
            return false;
        }
        int places = header.get(ValueLayout.JAVA_INT_UNALIGNED, Layout.PLACES_AT);
        for (int place = 0; place < places && Layout.place(place + 1) <= bytes.limit(); place++) {
            long at = Layout.place(place);
            long process = header.get(ValueLayout.JAVA_LONG_UNALIGNED, at + Layout.PROCESS);
            if (header.get(ValueLayout.JAVA_INT_UNALIGNED, at + Layout.STATE) == Places.TAKEN
                    && process != except
                    && Processes.isRunning(
                            process, header.get(ValueLayout.JAVA_LONG_UNALIGNED, at + Layout.PROCESS_START))) {
                return true;
            }
        }
        return false;
    }

    /** Makes a wire of a file that is new, or was left by processes that died. */
    void make(Path file, Layout layout) throws IOException {
        if (channel.size() > 0 && readLong(Layout.MAGIC_AT) != Layout.MAGIC) {
            throw new IOException(NO_WIRE);
        }
        long free = Files.getFileStore(file).getUsableSpace() + channel.size();
        if (free < layout.size) {
            throw new IOException("it needs " + layout.size + " bytes, and " + free
                    + " are free; make the wire smaller (pcap-sim.places, pcap-sim.frames)");
        }
        channel.truncate(0);
        ByteBuffer header = ByteBuffer.allocate((int) Layout.HEADER_SIZE);
        layout.write(MemorySegment.ofBuffer(header));
        while (header.hasRemaining()) {
            channel.write(header, header.position());
        }
    }

    /** The geometry of a wire that others have. */
    Layout read() throws IOException {
        if (readLong(Layout.MAGIC_AT) != Layout.MAGIC) {
            throw new IOException(NO_WIRE);
        }
        long version = readLong(Layout.VERSION_AT);
        if (version != Layout.VERSION) {
            throw new IOException(
                    "those who use it have version " + version + " of the wire, this is version " + Layout.VERSION);
        }
        ByteBuffer header = ByteBuffer.allocate((int) Layout.HEADER_SIZE);
        while (header.hasRemaining() && channel.read(header, header.position()) > 0) {
            // until all is there
        }
        return Layout.read(MemorySegment.ofBuffer(header.rewind()), channel.size())
                .orElseThrow(() -> new IOException("its header is damaged; remove it"));
    }

    /** 0 if the file is too short. */
    private long readLong(long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        return channel.read(buffer, at) < Long.BYTES ? 0 : buffer.getLong(0);
    }
}
