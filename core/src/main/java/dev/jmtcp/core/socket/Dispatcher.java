package dev.jmtcp.core.socket;

import dev.jmtcp.core.stack.StackClient;
import dev.jmtcp.core.tcp.Connection;
import dev.jmtcp.core.tcp.Listener;
import dev.jmtcp.core.tcp.Tcp;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The applications' part in each turn of a stack: what has happened to connections is told, calls that wait are tried again, calls and tasks of other
 * threads are done, handlers get their turn. Belongs to the stack's thread.
 */
final class Dispatcher implements StackClient {

    private final Tcp tcp;
    private final Mailbox mailbox;

    /** Takes what handlers throw; null to let it out of the turn. */
    private final @Nullable Consumer<Throwable> failures;

    private final List<StackClient> handlers = new ArrayList<>();

    /** Where something has happened that calls wait for. */
    final WakeList wakes = new WakeList();

    /** Calls of other threads that wait. */
    final Set<Call> waiting = new LinkedHashSet<>();

    private boolean turning;

    Dispatcher(Tcp tcp, Mailbox mailbox, @Nullable Consumer<Throwable> failures) {
        this.tcp = tcp;
        this.mailbox = mailbox;
        this.failures = failures;
    }

    /** Whether a turn is under way, so that there cannot be another one. */
    boolean isTurning() {
        return turning;
    }

    void add(StackClient handler) {
        handlers.add(handler);
    }

    void remove(StackClient handler) {
        handlers.remove(handler);
    }

    @Override
    public boolean turn(long now) {
        turning = true;
        try {
            boolean busy = deliverEvents();
            busy |= wakes.run();
            busy |= mailbox.run();
            for (int i = 0; i < handlers.size(); i++) {
                busy |= turnOf(handlers.get(i), now);
            }
            busy |= wakes.run();
            return busy;
        } finally {
            turning = false;
        }
    }

    private boolean turnOf(StackClient handler, long now) {
        try {
            return handler.turn(now);
        } catch (Throwable e) {
            handlers.remove(handler);
            if (failures == null) {
                throw e;
            }
            failures.accept(e);
            return true;
        }
    }

    private boolean deliverEvents() {
        boolean busy = false;
        for (Connection c = tcp.pollEvent(); c != null; c = tcp.pollEvent()) {
            int events = c.takeEvents();
            if (c.user() instanceof MtcpSocket socket) {
                socket.happened(c, events);
            }
            busy = true;
        }
        for (Listener listener = tcp.pollListener(); listener != null; listener = tcp.pollListener()) {
            if (listener.user() instanceof MtcpSocket socket) {
                socket.changed(EpollEvent.READ);
            }
            busy = true;
        }
        return busy;
    }

    /** SIGINT has come. Returns whether anybody waited who heeds it. */
    boolean interruptWaiting() {
        boolean heard = false;
        for (Call call : List.copyOf(waiting)) {
            if (call.heedsSignals()) {
                heard = true;
                call.end(true);
            }
        }
        return heard;
    }

    /** The context is closed: nobody waits any more, and handlers get no further turns. */
    void close() {
        handlers.clear();
        for (Call call : List.copyOf(waiting)) {
            call.refuse();
        }
    }
}
