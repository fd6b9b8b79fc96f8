package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.bench.race.Tally;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.Epoll;
import dev.jmtcp.core.socket.EpollEvent;
import dev.jmtcp.core.socket.EpollEvents;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import dev.jmtcp.core.stack.StackClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** An application: a handler on the stack's thread, over an edge-triggered epoll. */
abstract class Endpoint implements StackClient {

    static final int BUFFER = 64 << 10;
    static final int READING = EpollEvent.IN | EpollEvent.RDHUP | EpollEvent.ET;
    static final int WRITING = EpollEvent.OUT | EpollEvent.ET;

    private static final int EVENTS = 1024;

    final Context context;
    final Tally tally;
    final Epoll epoll;
    final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER, Long.BYTES);
    private final EpollEvents events = new EpollEvents(EVENTS);

    Endpoint(Context context, Tally tally) throws MtcpException {
        this.context = context;
        this.tally = tally;
        epoll = context.epoll();
    }

    @Override
    public final boolean turn(long now) {
        try {
            boolean busy = begin();
            int found = epoll.poll(events);
            for (int i = 0; i < found; i++) {
                MtcpSocket socket = events.socket(i);
                try {
                    handle(socket, events.events(i), events.attachment(i));
                } catch (MtcpException e) {
                    tally.failed(e.getMessage() + " on " + socket);
                    socket.abort();
                    broken(socket, events.attachment(i));
                }
            }
            return busy || found > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is to be done before events are looked at; whether there was anything. */
    boolean begin() throws IOException {
        return false;
    }

    /** Something has happened. */
    abstract void handle(MtcpSocket socket, int events, @Nullable Object attachment) throws IOException;

    /** A connection has failed and was counted and aborted. */
    void broken(MtcpSocket socket, @Nullable Object attachment) throws IOException {}
}
