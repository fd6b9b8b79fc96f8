package dev.jmtcp.apps.files;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A file of a {@link FileStore}, held open: its {@link #content} lies in memory, or else it is read piece by piece. Who got it from the store gives
 * it back by {@link #close}. For any thread.
 */
public final class StoredFile implements AutoCloseable {

    private final byte[] mediaType;
    private final Version version;
    private final @Nullable MemorySegment content;
    private final @Nullable FileChannel channel;

    /** One for the store as long as it knows the file, one for each user; below 1 the file is closed. */
    private final AtomicInteger users = new AtomicInteger(1);

    volatile long checkedAt;
    volatile long usedAt;

    /**
     * What tells one state of a file from another.
     *
     * @param size the size in bytes
     * @param modified when it was last changed, in nanoseconds since 1970
     * @param key the file's identity, as far as the file system tells
     */
    record Version(long size, long modified, @Nullable Object key) {}

    StoredFile(
            byte[] mediaType,
            Version version,
            @Nullable MemorySegment content,
            @Nullable FileChannel channel,
            long now) {
        this.mediaType = mediaType;
        this.version = version;
        this.content = content;
        this.channel = channel;
        checkedAt = now;
        usedAt = now;
    }

    /** The size in bytes. */
    public long size() {
        return version.size();
    }

    /** The media type that the file's name tells, in ASCII; not to be changed. */
    public byte[] mediaType() {
        return mediaType;
    }

    /** All of the file, if it lies in memory. Read-only; to be used no longer than until {@link #close}. */
    public @Nullable MemorySegment content() {
        return content;
    }

    /**
     * Reads a piece.
     *
     * @param position where to begin
     * @param destination filled from its position on, not always up to its limit
     * @return how many bytes were read; −1 if the file has become so short that there is nothing at that position
     * @throws IOException if the file cannot be read
     */
    public int read(long position, ByteBuffer destination) throws IOException {
        if (channel != null) {
            return channel.read(destination, position);
        }
        if (content == null || position >= content.byteSize()) {
            return -1;
        }
        int length = (int) Math.min(destination.remaining(), content.byteSize() - position);
        destination.put(content.asSlice(position, length).asByteBuffer());
        return length;
    }

    /** Gives the file back to the store. */
    @Override
    public void close() {
        if (users.decrementAndGet() == 0 && channel != null) {
            try {
                channel.close();
            } catch (IOException _) {
                // it was only read: nothing is lost
            }
        }
    }

    Version version() {
        return version;
    }

    /** The bytes of memory that it takes. */
    long cachedBytes() {
        return content == null ? 0 : content.byteSize();
    }

    boolean isOpen() {
        return channel != null;
    }

    /** Takes a share of the file. False if it is closed already. */
    boolean acquire() {
        int before;
        do {
            before = users.get();
            if (before == 0) {
                return false;
            }
        } while (!users.compareAndSet(before, before + 1));
        return true;
    }
}
