package dev.jmtcp.driver.sim;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The locks of one process on the file of a wire: one byte each, beyond all content. The system gives them back when the process dies. Used
 * by one thread at a time. Only attempts that do not block are made: a thread interrupted in a blocking one would close the file.
 */
final class FileLocks {

    private static final long CONTROL = 1L << 40;
    private static final long ATTACHED = CONTROL + 1;
    private static final long PLACES = CONTROL + 2;
    private static final long RETRY_NANOS = 50_000;

    private final FileChannel channel;
    private final Map<Integer, FileLock> places = new HashMap<>();
    private @Nullable FileLock control;
    private @Nullable FileLock attached;

    FileLocks(FileChannel channel) {
        this.channel = channel;
    }

    FileChannel channel() {
        return channel;
    }

    /** Waits until no process has the control lock, and takes it. Holders have it for a moment only. */
    void lockControl() throws IOException {
        while (control == null) {
            control = attempt(CONTROL, false);
            if (control == null) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    void unlockControl() throws IOException {
        if (control != null) {
            control.release();
            control = null;
        }
    }

    /** Under the control lock: whether no other process is attached. This one then is the only one, until {@link #attach}. */
    boolean tryClaimAlone() throws IOException {
        attached = attempt(ATTACHED, false);
        return attached != null;
    }

    /** Under the control lock: tells others that this process is there. */
    void attach() throws IOException {
        if (attached != null) {
            attached.release();
        }
        attached = attempt(ATTACHED, true);
        if (attached == null) {
            throw new IOException("this process has it open already");
        }
    }

    /** Under the control lock: ends what {@link #attach} began; whether nobody is attached any more. */
    boolean detach() throws IOException {
        if (attached != null) {
            attached.release();
            attached = null;
        }
        return tryClaimAlone();
    }

    void take(int place) throws IOException {
        FileLock lock = attempt(PLACES + place, false);
        if (lock == null) {
            throw new IOException("place " + place + " is locked, though nobody is there");
        }
        places.put(place, lock);
    }

    void leave(int place) throws IOException {
        FileLock lock = places.remove(place);
        if (lock != null) {
            lock.release();
        }
    }

    /** Whether a process has a place. */
    boolean isTaken(int place) throws IOException {
        if (places.containsKey(place)) {
            return true;
        }
        FileLock lock = attempt(PLACES + place, false);
        if (lock == null) {
            return true;
        }
        lock.release();
        return false;
    }

    /** Null if another has it, of this process or not. */
    private @Nullable FileLock attempt(long position, boolean shared) throws IOException {
        try {
            return channel.tryLock(position, 1, shared);
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }
}
