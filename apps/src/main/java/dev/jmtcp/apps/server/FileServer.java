package dev.jmtcp.apps.server;

import dev.jmtcp.apps.files.FileStore;
import dev.jmtcp.apps.http.HttpServices;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.Epoll;
import dev.jmtcp.core.socket.EpollEvent;
import dev.jmtcp.core.socket.EpollEvents;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import dev.jmtcp.core.stack.StackClient;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One core's part of {@code epserver}: accepts connections and answers requests for files, event by event, without ever waiting for a client. A handler
 * of its {@link Context}, on whose owner's thread all of it runs. Allocates nothing once warm, except where connections fail.
 *
 * <p>What a client has sent stays in the stack's receive buffer until it can be answered: a client that does not take its answers is not read from either.
 */
public final class FileServer implements StackClient {

    private static final Logger LOG = LoggerFactory.getLogger(FileServer.class);

    /** How much of a client's requests is looked at in one go. */
    private static final int INPUT = 16 * 1024;

    private static final int EVENTS = 1024;

    /** How much a client may go on to send after its last answer before it is cut off. */
    private static final long MAX_DISCARDED = 1 << 20;

    /** A connection so young may have a request on its way. In nanoseconds. */
    private static final long YOUNG = 1_000_000_000;

    private final Context context;
    private final HttpServices services;
    private final ServerCounters counters;
    private final LongUnaryOperator epochMillis;
    private final MtcpSocket listener;
    private final Epoll epoll;
    private final EpollEvents events = new EpollEvents(EVENTS);
    private final MemorySegment input = Arena.ofAuto().allocate(INPUT);
    private final ByteBuffer inputView = input.asByteBuffer();
    private final List<ServedConnection> open = new ArrayList<>();
    private final List<ServedConnection> idle = new ArrayList<>();
    private boolean draining;

    /**
     * A server that listens from now on.
     *
     * @param context called on the thread of its owner
     * @param store the files
     * @param epochMillis the time of day in milliseconds since 1970, at a time in nanoseconds on the context's clock
     * @throws MtcpException if the port cannot be listened on
     */
    public FileServer(
            Context context,
            FileStore store,
            int port,
            int backlog,
            ServerCounters counters,
            LongUnaryOperator epochMillis)
            throws MtcpException {
        this.context = context;
        this.counters = counters;
        this.epochMillis = epochMillis;
        services = new HttpServices(store);
        epoll = context.epoll();
        listener = context.socket();
        listener.blocking(false);
        listener.bind(new InetSocketAddress(port));
        listener.listen(backlog);
        epoll.add(listener, EpollEvent.IN);
    }

    /** How many connections there are. */
    public int connections() {
        return open.size();
    }

    /** Whether it still listens or has connections. */
    public boolean isRunning() {
        return !draining || !open.isEmpty();
    }

    /** Accepts no more connections and ends each as soon as nothing is under way on it. */
    public void drain() throws MtcpException {
        if (draining) {
            return;
        }
        long now = context.now();
        accept(now);
        draining = true;
        listener.close();
        for (int i = open.size() - 1; i >= 0; i--) {
            ServedConnection c = open.get(i);
            if (isSpare(c, now)) {
                end(c);
            }
        }
    }

    /** Resets what connections there are, after {@link #drain}. */
    public void cutOff() {
        while (!open.isEmpty()) {
            counters.cutOff.increment();
            reset(open.getLast());
        }
    }

    @Override
    public boolean turn(long now) {
        try {
            int found = epoll.poll(events);
            if (found == 0) {
                return false;
            }
            long millis = epochMillis.applyAsLong(now);
            for (int i = 0; i < found; i++) {
                if (events.attachment(i) instanceof ServedConnection c) {
                    serve(c, now, millis);
                } else {
                    accept(now);
                }
            }
            return true;
        } catch (MtcpException e) {
            throw new UncheckedIOException(e); // neither epoll nor listener fail while the context is open
        }
    }

    private void accept(long now) throws MtcpException {
        while (true) {
            ServedConnection c = idle.isEmpty() ? create() : idle.removeLast();
            if (!listener.accept(c.socket)) {
                idle.add(c);
                return;
            }
            c.begin(now);
            c.index = open.size();
            open.add(c);
            counters.accepted.increment();
            c.socket.blocking(false);
            epoll.add(c.socket, EpollEvent.IN | EpollEvent.OUT | EpollEvent.ET, c);
        }
    }

    private ServedConnection create() throws MtcpException {
        MtcpSocket socket = context.socket();
        socket.close(); // so that accept can fill it
        return new ServedConnection(socket, services);
    }

    /** Does all that can be done for a connection now. */
    private void serve(ServedConnection c, long now, long millis) {
        try {
            while (!c.lingering) {
                int n = c.socket.peek(input, 0, INPUT);
                ByteBuffer in = inputView.clear().limit(Math.max(n, 0));
                var progress = c.session.process(in, c, now, millis);
                if (in.position() > 0) {
                    c.socket.read(input, 0, in.position());
                }
                switch (progress) {
                    case NEEDS_ROOM -> {
                        return;
                    }
                    case FINISHED -> finish(c, n < 0);
                    case NEEDS_INPUT -> {
                        if (n < 0 || n == 0 && draining && isSpare(c, now)) {
                            end(c);
                            return;
                        }
                        if (n == 0) {
                            return;
                        }
                    }
                }
            }
            discard(c);
        } catch (MtcpException | UncheckedIOException _) {
            counters.broken.increment();
            reset(c);
        } catch (RuntimeException e) {
            LOG.error("a request could not be answered", e); // a mistake here; others are served on
            counters.broken.increment();
            reset(c);
        }
    }

    /** Whether nobody misses anything if the connection ends now. */
    private static boolean isSpare(ServedConnection c, long now) {
        return c.session.isIdle() && (c.session.answers() > 0 || now - c.acceptedAt > YOUNG);
    }

    /** After the last answer. With input unread, a close would reset the connection, and the client could lose the answer (RFC 9112 section 9.6). */
    private void finish(ServedConnection c, boolean clientIsDone) throws MtcpException {
        c.lingering = true;
        if (!clientIsDone) {
            c.socket.shutdown(MtcpSocket.Direction.WRITE);
        }
    }

    /** Reads on, for nothing, until the client ends the connection. */
    private void discard(ServedConnection c) throws MtcpException {
        while (true) {
            int n = c.socket.read(input, 0, INPUT);
            if (n == 0) {
                return;
            }
            if (n < 0) {
                end(c);
                return;
            }
            c.discarded += n;
            if (c.discarded > MAX_DISCARDED) {
                reset(c);
                return;
            }
        }
    }

    private void end(ServedConnection c) throws MtcpException {
        if (!c.session.isIdle() && !c.lingering) {
            counters.broken.increment();
        }
        c.socket.close();
        retire(c);
    }

    private void reset(ServedConnection c) {
        try {
            c.socket.abort();
        } catch (MtcpException _) {
            // closed already
        }
        retire(c);
    }

    private void retire(ServedConnection c) {
        counters.answers.add(c.session.answers());
        c.session.close();
        ServedConnection last = open.removeLast();
        if (last != c) {
            open.set(c.index, last);
            last.index = c.index;
        }
        idle.add(c);
    }
}
