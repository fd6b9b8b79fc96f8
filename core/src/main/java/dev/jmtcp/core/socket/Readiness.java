package dev.jmtcp.core.socket;

import dev.jmtcp.core.tcp.Connection;
import dev.jmtcp.core.tcp.Events;
import dev.jmtcp.core.tcp.Listener;
import dev.jmtcp.core.tcp.State;
import org.jspecify.annotations.Nullable;

/** Which events hold for a socket, by the rules of Linux's tcp_poll(). On the stack's thread. */
final class Readiness {

    private Readiness() {}

    static int of(SocketState s) {
        return switch (s.kind) {
            // As Linux has it: no connection is one whose both directions are shut.
            case FRESH -> EpollEvent.WRITE | EpollEvent.HUP | error(s);
            case LISTENER -> ofListener(s.listener());
            case STREAM -> ofConnection(s, s.connection);
            case CLOSED -> 0;
        };
    }

    private static int ofListener(@Nullable Listener listener) {
        return listener != null && listener.pending() > 0 ? EpollEvent.READ : 0;
    }

    private static int ofConnection(SocketState s, @Nullable Connection c) {
        if (c == null) {
            return 0;
        }
        State state = c.state();
        boolean dead = state == State.CLOSED;
        boolean opening = state == State.SYN_SENT || state == State.SYN_RECEIVED;
        boolean readShut = dead || s.readShut || c.peerClosed();
        boolean writeShut = dead || s.writeShut;
        int bits = error(s);
        if (readShut) {
            bits |= EpollEvent.READ | EpollEvent.RDHUP;
            if (writeShut) {
                bits |= EpollEvent.HUP;
            }
        }
        if (!opening) {
            if (c.readable() > 0) {
                bits |= EpollEvent.READ;
            }
            if (writeShut || s.context.tcp.isWritable(c)) {
                bits |= EpollEvent.WRITE;
            }
            if (c.urgentAhead() > 0) {
                bits |= EpollEvent.PRI;
            }
        }
        return bits;
    }

    private static int error(SocketState s) {
        return s.pendingError != null ? EpollEvent.ERR : 0;
    }

    /**
     * What may hold after the engine has told of {@link Events}: whom an event concerns is told all that holds for him, edge-triggered, too. As Linux has
     * it, data concerns also who asks for urgent data, and a change of state everybody: that is what {@code HUP} stands for.
     */
    static int of(int events) {
        int bits = 0;
        if ((events & (Events.READABLE | Events.PEER_CLOSED)) != 0) {
            bits |= EpollEvent.READ | EpollEvent.PRI | EpollEvent.RDBAND;
        }
        if ((events & (Events.WRITABLE | Events.CONNECTED)) != 0) {
            bits |= EpollEvent.WRITE;
        }
        if ((events & Events.PEER_CLOSED) != 0) {
            bits |= EpollEvent.RDHUP | EpollEvent.HUP;
        }
        if ((events & Events.ALL_SENT) != 0) {
            bits |= EpollEvent.HUP;
        }
        if ((events & Events.CLOSED) != 0) {
            bits |= EpollEvent.READ | EpollEvent.WRITE | EpollEvent.RDHUP | EpollEvent.HUP;
        }
        if ((events & Events.ERROR) != 0) {
            bits |= EpollEvent.ERR;
        }
        if ((events & Events.URGENT) != 0) {
            bits |= EpollEvent.PRI;
        }
        return bits;
    }
}
