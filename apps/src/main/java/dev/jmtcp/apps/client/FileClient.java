package dev.jmtcp.apps.client;

import dev.jmtcp.apps.http.ResponseParser;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.Epoll;
import dev.jmtcp.core.socket.EpollEvent;
import dev.jmtcp.core.socket.EpollEvents;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.stack.StackClient;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One core's part of {@code epwget}: so many connections, a number of them at a time, each with one request for the same file. A handler of its
 * {@link Context}, on whose owner's thread all of it runs. Allocates nothing once warm, except where connections fail.
 */
public final class FileClient implements StackClient {

    private static final int BUFFER = 64 * 1024;

    /** The status codes that tell of success (RFC 9110 section 15.3). */
    private static final int SUCCESS = 2;

    /**
     * What is to be done.
     *
     * @param server whom to ask
     * @param request what to ask, all bytes of it; not to be changed
     * @param connections how many, one after the other
     * @param concurrency how many of them at most at a time
     */
    public record Task(InetSocketAddress server, byte[] request, int connections, int concurrency) {}

    /**
     * Who is told of what happens.
     *
     * @param counters counts
     * @param sizes hears of the bytes of each complete response
     * @param times hears of its time in nanoseconds
     * @param problems hears of each different problem once
     */
    public record Listeners(ClientCounters counters, LongConsumer sizes, LongConsumer times, Problems problems) {}

    private final Context context;
    private final Task task;
    private final Listeners listeners;
    private final ClientCounters counters;
    private final Supplier<Body> bodies;
    private final Epoll epoll;
    private final EpollEvents events;
    private final MemorySegment request;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER);
    private final ByteBuffer bufferView = buffer.asByteBuffer();
    private final List<Download> underWay = new ArrayList<>();
    private final List<Download> idle = new ArrayList<>();
    private int started;
    private int errors;
    private int incompletes;
    private boolean stopped;
    private @Nullable IOException failure;

    /**
     * A client that begins with its first turn.
     *
     * @param context called on the thread of its owner
     * @param bodies makes what takes the content, once for each connection that there is at a time
     */
    public FileClient(Context context, Task task, Listeners listeners, Supplier<Body> bodies) throws MtcpException {
        this.context = context;
        this.task = task;
        this.listeners = listeners;
        this.bodies = bodies;
        counters = listeners.counters();
        epoll = context.epoll();
        events = new EpollEvents(Math.clamp(task.concurrency(), 1, 1024));
        request = Arena.ofAuto().allocate(task.request().length);
        MemorySegment.copy(task.request(), 0, request, ValueLayout.JAVA_BYTE, 0, task.request().length);
    }

    /** Whether nothing is left to do. */
    public boolean isDone() {
        return underWay.isEmpty() && (stopped || started == task.connections());
    }

    /** Connections that are over, in whatever way. */
    public int done() {
        return started - underWay.size();
    }

    public int errors() {
        return errors;
    }

    public int incompletes() {
        return incompletes;
    }

    /** What makes it impossible to go on, if anything does. */
    public @Nullable IOException failure() {
        return failure;
    }

    /** Begins nothing more and resets the connections that there are. */
    public void stop() {
        stopped = true;
        while (!underWay.isEmpty()) {
            Download d = underWay.getLast();
            abandon(d);
            abort(d);
            retire(d);
        }
    }

    @Override
    public boolean turn(long now) {
        try {
            boolean begun = begin();
            int found = epoll.poll(events);
            for (int i = 0; i < found; i++) {
                if (events.attachment(i) instanceof Download d) {
                    goOn(d, now);
                }
            }
            if (found > 0) {
                begin();
            }
            return begun || found > 0;
        } catch (IOException e) {
            fail(e);
            return true;
        }
    }

    /** Begins as many connections as may be; whether there were any. */
    private boolean begin() throws IOException {
        boolean any = false;
        while (!stopped && started < task.connections() && underWay.size() < task.concurrency()) {
            Download d = idle.isEmpty() ? new Download(context.socket(), bodies.get()) : reopened(idle.removeLast());
            d.begin();
            try {
                d.socket.blocking(false);
                d.socket.connect(task.server());
            } catch (MtcpException e) {
                d.socket.close();
                idle.add(d);
                if (underWay.isEmpty()) {
                    throw e;
                }
                return any; // there may be room again when one of the others is over
            }
            started++;
            counters.connects.increment();
            d.index = underWay.size();
            underWay.add(d);
            epoll.add(d.socket, EpollEvent.IN | EpollEvent.OUT | EpollEvent.ET, d);
            any = true;
        }
        return any;
    }

    private static Download reopened(Download d) throws MtcpException {
        d.socket.reopen();
        return d;
    }

    /** Does all that can be done for a connection now. */
    private void goOn(Download d, long now) throws IOException {
        try {
            if (d.phase == Download.Phase.CONNECTION) {
                if (!d.socket.finishConnect()) {
                    return;
                }
                d.phase = Download.Phase.ROOM_FOR_REQUEST;
                d.startedAt = now;
            }
            if (d.phase == Download.Phase.ROOM_FOR_REQUEST && !send(d)) {
                return;
            }
            while (true) {
                int n = d.socket.read(buffer, 0, BUFFER);
                if (n == 0) {
                    return;
                }
                if (n < 0) {
                    endOfStream(d, now);
                    return;
                }
                if (receive(d, n, now)) {
                    return;
                }
            }
        } catch (MtcpException e) {
            listeners.problems().connection(e.errno());
            failed(d);
        }
    }

    /** Sends what is left of the request; whether that was all. */
    private boolean send(Download d) throws IOException {
        int n = d.socket.write(request, d.requestSent, (int) request.byteSize() - d.requestSent);
        counters.writes.add(n);
        d.requestSent += n;
        if (d.requestSent < request.byteSize()) {
            return false;
        }
        d.phase = Download.Phase.HEAD;
        return true;
    }

    /** Takes what was read into the buffer; whether the connection is over with that. */
    private boolean receive(Download d, int length, long now) throws IOException {
        counters.reads.add(length);
        d.received += length;
        int from = 0;
        if (d.phase == Download.Phase.HEAD) {
            switch (d.parser.parse(bufferView.clear().limit(length))) {
                case INCOMPLETE -> {
                    return false;
                }
                case MALFORMED -> {
                    listeners.problems().noResponse();
                    failed(d);
                    return true;
                }
                case COMPLETE -> {
                    if (d.parser.status() / 100 != SUCCESS) {
                        listeners.problems().status(d.parser.status());
                        failed(d);
                        return true;
                    }
                    from = bufferView.position();
                    d.remaining = d.parser.contentLength();
                    d.phase = Download.Phase.CONTENT;
                    d.body.begin();
                }
            }
        }
        int available = length - from;
        int wanted = d.remaining < 0 ? available : (int) Math.min(available, d.remaining);
        if (wanted > 0) {
            d.body.take(buffer, from, wanted);
            d.remaining -= d.remaining < 0 ? 0 : wanted;
        }
        if (d.remaining == 0) {
            complete(d, now);
            return true;
        }
        return false;
    }

    private void endOfStream(Download d, long now) throws IOException {
        if (d.phase == Download.Phase.CONTENT && d.remaining == ResponseParser.UNKNOWN_LENGTH) {
            complete(d, now);
            return;
        }
        abandon(d);
        counters.incompletes.increment();
        incompletes++;
        d.socket.close();
        retire(d);
    }

    private void complete(Download d, long now) throws IOException {
        boolean right = d.body.end();
        d.socket.close();
        retire(d);
        counters.completes.increment();
        long time = now - d.startedAt;
        counters.responseNanos.add(time);
        counters.longest.accumulate(time);
        listeners.times().accept(time);
        listeners.sizes().accept(d.received);
        if (!right) {
            counters.wrong.increment();
            listeners.problems().wrongContent();
        }
    }

    private void failed(Download d) {
        abandon(d);
        counters.errors.increment();
        errors++;
        abort(d);
        retire(d);
    }

    private static void abandon(Download d) {
        if (d.phase == Download.Phase.CONTENT) {
            d.body.abandon();
        }
    }

    private static void abort(Download d) {
        try {
            d.socket.abort();
        } catch (MtcpException _) {
            // closed already
        }
    }

    private void retire(Download d) {
        Download last = underWay.removeLast();
        if (last != d) {
            underWay.set(d.index, last);
            last.index = d.index;
        }
        idle.add(d);
    }

    private void fail(IOException e) {
        failure = e;
        stop();
    }
}
