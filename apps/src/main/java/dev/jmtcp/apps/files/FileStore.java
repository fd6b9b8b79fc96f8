package dev.jmtcp.apps.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The files below a folder, for many threads at once, each with a {@link Reader} of its own. Small files are kept in memory, up to a number of bytes; of
 * large ones some are kept open. What is kept is compared with the disk once a second at most. Nothing outside the folder is given out: a symbolic link that
 * leads out of it counts as absent.
 */
public final class FileStore implements AutoCloseable {

    private static final long RECHECK_NANOS = 1_000_000_000;
    private static final String INDEX = "index.html";

    private final Path root;
    private final long maxCachedBytes;
    private final int maxCachedFile;
    private final int maxOpenFiles;
    private final Map<PathKey, StoredFile> files = new ConcurrentHashMap<>();

    private long cachedBytes;
    private int openFiles;

    /**
     * @param root the folder
     * @param maxCachedBytes the most bytes of files kept in memory
     * @param maxCachedFile the size of the largest file that is kept in memory
     * @param maxOpenFiles the most larger files that are kept open while nobody reads them
     * @throws IOException if the folder is none or cannot be read
     */
    public FileStore(Path root, long maxCachedBytes, int maxCachedFile, int maxOpenFiles) throws IOException {
        this.root = root.toRealPath();
        if (!Files.isDirectory(this.root)) {
            throw new NotDirectoryException(root.toString());
        }
        this.maxCachedBytes = maxCachedBytes;
        this.maxCachedFile = maxCachedFile;
        this.maxOpenFiles = maxOpenFiles;
    }

    /** A way for one thread to get at files. */
    public Reader reader() {
        return new Reader();
    }

    /** The bytes of files in memory now. */
    public synchronized long cachedBytes() {
        return cachedBytes;
    }

    /** Forgets all files; those in use stay until they are given back. */
    @Override
    public synchronized void close() {
        files.forEach(this::forget);
    }

    /** One thread's way to the files; a file that is kept is found without allocation. */
    public final class Reader {

        private final PathKey key = new PathKey();

        private Reader() {}

        /**
         * Opens a file.
         *
         * @param path its path below the folder in UTF-8, without slash at the start; an empty one, or one that ends with a slash, means the
         *     {@code index.html} there
         * @param length how many bytes of {@code path} count
         * @param now the time in nanoseconds, monotonic
         * @return the file, to be closed; null if there is none
         */
        public @Nullable StoredFile open(byte[] path, int length, long now) {
            key.set(path, length);
            StoredFile known = files.get(key);
            if (known != null && now - known.checkedAt < RECHECK_NANOS && known.acquire()) {
                known.usedAt = now;
                return known;
            }
            return load(key, now);
        }
    }

    private synchronized @Nullable StoredFile load(PathKey key, long now) {
        StoredFile known = files.get(key);
        try {
            Path file = locate(key);
            BasicFileAttributes attributes =
                    file == null ? null : Files.readAttributes(file, BasicFileAttributes.class);
            if (file == null || attributes == null || !attributes.isRegularFile()) {
                forgetIfKnown(key, known);
                return null;
            }
            var version = new StoredFile.Version(
                    attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), attributes.fileKey());
            if (known != null && known.version().equals(version) && known.acquire()) {
                known.checkedAt = now;
                known.usedAt = now;
                return known;
            }
            forgetIfKnown(key, known);
            StoredFile loaded = read(file, version, now);
            if (!loaded.acquire()) {
                throw new AssertionError("a new file is open");
            }
            keep(key.copy(), loaded);
            return loaded;
        } catch (IOException _) {
            forgetIfKnown(key, known);
            return null;
        }
    }

    /** The file itself, links resolved; null if it is not below the folder. */
    private @Nullable Path locate(PathKey key) throws IOException {
        String name = key.toString();
        if (name.isEmpty() || name.endsWith("/")) {
            name += INDEX;
        }
        try {
            Path file = root.resolve(name).toRealPath();
            return file.startsWith(root) ? file : null;
        } catch (InvalidPathException _) {
            return null;
        }
    }

    private StoredFile read(Path file, StoredFile.Version version, long now) throws IOException {
        byte[] mediaType = MediaTypes.of(String.valueOf(file.getFileName()));
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        if (version.size() > maxCachedFile || version.size() > maxCachedBytes) {
            return new StoredFile(mediaType, version, null, channel, now);
        }
        try (channel) {
            MemorySegment content = Arena.ofAuto().allocate(version.size());
            ByteBuffer buffer = content.asByteBuffer();
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, buffer.position()) < 0) {
                    throw new IOException(file + " became shorter while it was read");
                }
            }
            return new StoredFile(mediaType, version, content.asReadOnly(), null, now);
        }
    }

    private void keep(PathKey key, StoredFile file) {
        files.put(key, file);
        cachedBytes += file.cachedBytes();
        openFiles += file.isOpen() ? 1 : 0;
        while (cachedBytes > maxCachedBytes) {
            forgetOldest(false);
        }
        while (openFiles > maxOpenFiles) {
            forgetOldest(true);
        }
    }

    private void forgetOldest(boolean open) {
        Map.Entry<PathKey, StoredFile> oldest = null;
        for (Map.Entry<PathKey, StoredFile> entry : files.entrySet()) {
            boolean kind = open ? entry.getValue().isOpen() : entry.getValue().cachedBytes() > 0;
            if (kind && (oldest == null || entry.getValue().usedAt - oldest.getValue().usedAt < 0)) {
                oldest = entry;
            }
        }
        if (oldest == null) {
            throw new AssertionError("nothing is kept, and too much");
        }
        forget(oldest.getKey(), oldest.getValue());
    }

    private void forgetIfKnown(PathKey key, @Nullable StoredFile known) {
        if (known != null) {
            forget(key, known);
        }
    }

    private void forget(PathKey key, StoredFile file) {
        if (files.remove(key, file)) {
            cachedBytes -= file.cachedBytes();
            openFiles -= file.isOpen() ? 1 : 0;
            file.close();
        }
    }

    /** A path as a key; the one of a reader changes with every lookup. */
    private static final class PathKey {

        private byte[] path = new byte[0];
        private int length;
        private int hash;

        void set(byte[] path, int length) {
            this.path = path;
            this.length = length;
            int sum = 1;
            for (int i = 0; i < length; i++) {
                sum = 31 * sum + path[i];
            }
            hash = sum;
        }

        PathKey copy() {
            var copy = new PathKey();
            copy.set(Arrays.copyOf(path, length), length);
            return copy;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof PathKey that
                    && length == that.length
                    && Arrays.equals(path, 0, length, that.path, 0, length);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public String toString() {
            return new String(path, 0, length, StandardCharsets.UTF_8);
        }
    }
}
