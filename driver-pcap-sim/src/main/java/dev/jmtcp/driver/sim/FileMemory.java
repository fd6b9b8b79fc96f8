package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.PacketIoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a wire between processes: a mapped file. Locks on bytes far beyond its end, which the system takes from a process when
 * that dies, tell who is there (see {@link FileLocks}). As a process also loses them when anything in it closes the file, its number
 * counts too. The file is made anew by whoever finds nobody there, and deleted by the last to go.
 */
final class FileMemory implements WireMemory {

    private static final int ATTEMPTS = 100;

    /** The files that this process has open, by what the file system knows them by. */
    private static final Set<Object> OPEN = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final Object key;
    private final FileLocks locks;
    private final Arena arena = Arena.ofShared();
    private final Layout layout;
    private final MemorySegment segment;
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread atExit = new Thread(this::deleteIfLast, "jmtcp-wire-exit");
    private boolean closed;

    /** Under the file's control lock. */
    private FileMemory(Path file, Object key, FileLocks locks, Layout layout) throws IOException {
        this.file = file;
        this.key = key;
        this.locks = locks;
        this.layout = layout;
        segment = locks.channel().map(FileChannel.MapMode.READ_WRITE, 0, layout.size, arena);
    }

    /**
     * Joins the wire in a file, or makes one.
     *
     * @param wanted its geometry if it is made
     */
    static FileMemory open(Path file, Layout wanted) throws PacketIoException {
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                FileMemory memory = tryOpen(file, wanted);
                if (memory != null) {
                    return memory;
                }
            }
        } catch (IOException e) {
            throw new PacketIoException("the file " + file + " cannot be used as a wire: " + e, e);
        }
        throw new PacketIoException("the file " + file + " comes and goes: others open and close it all the time");
    }

    /** Null if the file was deleted by its last user meanwhile. */
    private static @Nullable FileMemory tryOpen(Path file, Layout wanted) throws IOException {
        if (!Files.exists(file)) {
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        }
        Object key = key(file);
        if (key == null) {
            return null;
        }
        if (!OPEN.add(key)) {
            throw new IOException("this process has it open already");
        }
        FileMemory memory = null;
        try {
            memory = tryOpen(file, key, wanted);
        } finally {
            if (memory == null) {
                OPEN.remove(key);
            }
        }
        return memory;
    }

    private static @Nullable FileMemory tryOpen(Path file, Object key, Layout wanted) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (NoSuchFileException _) {
            return null;
        }
        FileMemory memory = null;
        try {
            var locks = new FileLocks(channel);
            locks.lockControl();
            if (key.equals(key(file))) {
                memory = joinOrMake(file, key, locks, wanted);
            }
        } finally {
            if (memory == null) {
                channel.close(); // gives back all locks
            }
        }
        return memory;
    }

    private static FileMemory joinOrMake(Path file, Object key, FileLocks locks, Layout wanted) throws IOException {
        var header = new FileHeader(locks.channel());
        boolean deserted = locks.tryClaimAlone() && !header.hasRunningProcess();
        FileMemory memory;
        if (deserted) {
            header.make(file, wanted);
            memory = new FileMemory(file, key, locks, wanted);
        } else {
            memory = new FileMemory(file, key, locks, header.read());
        }
        locks.attach();
        locks.unlockControl();
        Runtime.getRuntime().addShutdownHook(memory.atExit);
        return memory;
    }

    private static @Nullable Object key(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Objects.requireNonNullElseGet(attributes.fileKey(), file::toAbsolutePath);
        } catch (NoSuchFileException _) {
            return null;
        }
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void lock() {
        lock.lock();
        try {
            locks.lockControl();
        } catch (IOException e) {
            lock.unlock();
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void unlock() {
        try {
            locks.unlockControl();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void take(int place) {
        long at = Layout.place(place);
        segment.set(ValueLayout.JAVA_LONG, at + Layout.PROCESS, Processes.OWN);
        segment.set(ValueLayout.JAVA_LONG, at + Layout.PROCESS_START, Processes.OWN_START);
        try {
            locks.take(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void leave(int place) {
        try {
            locks.leave(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isAlive(int place) {
        long at = Layout.place(place);
        try {
            return locks.isTaken(place)
                    || Processes.isRunning(
                            segment.get(ValueLayout.JAVA_LONG, at + Layout.PROCESS),
                            segment.get(ValueLayout.JAVA_LONG, at + Layout.PROCESS_START));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            arena.close();
            deleteIfLast();
        } finally {
            closed = true;
            closeChannel();
            OPEN.remove(key);
            lock.unlock();
        }
        forgetExit();
    }

    /** Deletes the file if no other process is attached; also when the program ends without having closed it. */
    private void deleteIfLast() {
        lock.lock();
        try {
            if (!closed) {
                locks.lockControl();
                if (locks.detach() && !new FileHeader(locks.channel()).hasOtherRunningProcess()) {
                    Files.deleteIfExists(file);
                }
                locks.unlockControl();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private void forgetExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException _) {
            // the program ends already
        }
    }

    /** Gives all locks back. */
    private void closeChannel() {
        try {
            locks.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
