package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.load.Stream;
import dev.jmtcp.bench.race.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The server's end with a selector and a thread of its own. Used by the client's thread. */
final class ServerThread {

    /** How long the last connections may take to end, in nanoseconds. */
    private static final long PATIENCE = 10_000_000_000L;

    /** Longer than that. */
    private static final Duration JOIN = Duration.ofSeconds(20);

    /** Between two looks whether that is over, in milliseconds. */
    private static final long LOOK = 1;

    private enum Phase {
        SERVING,
        /** Until the connections have ended. */
        ENDING,
        OVER
    }

    private final Reactor reactor;
    private final InetSocketAddress address;
    private final Thread thread;
    private final AtomicLong arrived = new AtomicLong();
    private volatile Phase phase = Phase.SERVING;
    private volatile @Nullable Exception failure;

    ServerThread(String owner, Load kind, Stream stream) throws IOException {
        reactor = new Reactor(owner);
        address = Ends.server(reactor, kind, stream).address();
        thread = Thread.ofPlatform().daemon().name(owner + "-server").start(this::run);
    }

    private void run() {
        try {
            while (phase == Phase.SERVING) {
                reactor.select(0);
                arrived.setRelease(reactor.tally.received);
            }
            long end = System.nanoTime() + PATIENCE;
            while (phase == Phase.ENDING && reactor.channels() > 1 && System.nanoTime() < end) {
                reactor.select(LOOK);
            }
            reactor.tally.expect("connections left at the server", reactor.channels() - 1L, 0);
        } catch (IOException | RuntimeException e) {
            failure = e;
        } finally {
            release();
        }
    }

    private void release() {
        try {
            reactor.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Thread thread() {
        return thread;
    }

    InetSocketAddress address() {
        return address;
    }

    /** How many bytes of streams have come out and were verified. */
    long arrived() {
        return arrived.getAcquire();
    }

    /**
     * Tells whether it still serves.
     *
     * @throws IOException if it has failed
     */
    void check() throws IOException {
        Exception cause = failure;
        if (cause != null) {
            throw new IOException("the server has failed: " + cause.getMessage(), cause);
        }
    }

    /** Waits for the connections to end, ends the thread, and tells what it has counted. */
    Tally finish() throws IOException {
        end(Phase.ENDING);
        check();
        return reactor.tally;
    }

    /** Ends the thread if it has not ended. */
    void close() throws IOException {
        end(Phase.OVER);
    }

    private void end(Phase next) throws IOException {
        phase = next;
        reactor.wakeup();
        try {
            if (!thread.join(JOIN)) {
                throw new IOException(thread.getName() + " does not come to an end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
