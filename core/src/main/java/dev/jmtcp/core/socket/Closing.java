package dev.jmtcp.core.socket;

import dev.jmtcp.core.socket.MtcpSocket.Direction;
import dev.jmtcp.core.socket.SocketState.Kind;
import dev.jmtcp.core.tcp.Connection;
import dev.jmtcp.core.tcp.Listener;
import dev.jmtcp.core.tcp.State;
import dev.jmtcp.core.tcp.Tcp;

/** How a socket and its connection end. On the stack's thread. */
final class Closing {

    private Closing() {}

    static void shutdown(SocketState s, Direction direction) throws MtcpException {
        s.checkOpen();
        Connection c = s.connection;
        if (c == null || !c.state().isSynchronized() || c.state() == State.TIME_WAIT) {
            s.changed(EpollEvent.HUP); // as Linux, which calls this a hack
            throw new MtcpException(Errno.ENOTCONN);
        }
        Tcp tcp = s.context.tcp;
        int changed = EpollEvent.HUP;
        if (direction != Direction.WRITE) {
            s.readShut = true;
            tcp.shutdownInput(c);
            changed |= EpollEvent.READ | EpollEvent.RDHUP;
        }
        if (direction != Direction.READ) {
            s.writeShut = true;
            tcp.shutdownOutput(c);
            changed |= EpollEvent.WRITE;
        }
        s.changed(changed);
    }

    /**
     * Closes a socket.
     *
     * @param mayWait whether the caller can wait
     * @return for how many nanoseconds to wait for the delivery of what was written, then to call {@link #finish}; 0 if all is done
     */
    static long begin(SocketState s, boolean mayWait) {
        if (s.kind == Kind.CLOSED || s.context.mailbox.isClosed()) {
            s.kind = Kind.CLOSED;
            return 0;
        }
        Connection c = s.connection;
        if (c != null && mayWait && lingers(s, c)) {
            s.lingering = true;
            s.context.tcp.shutdownOutput(c);
            leave(s);
            return c.options().linger;
        }
        leave(s);
        if (c != null) {
            s.connection = null;
            if (c.options().linger == 0 && c.state() != State.TIME_WAIT) {
                s.context.tcp.abort(c);
                c.detach();
            } else {
                s.context.tcp.close(c);
            }
        }
        return 0;
    }

    /** Whether SO_LINGER has the close wait: nothing is unread, for then it would reset, and something is undelivered. */
    private static boolean lingers(SocketState s, Connection c) {
        return c.options().linger > 0
                && c.readable() == 0
                && !s.allSent
                && (c.state().maySend() || c.state().transmits())
                && c.state().isSynchronized();
    }

    /** The wait of the owner for the delivery of what was written. */
    static void linger(SocketState s, long until) {
        try {
            while (!s.allSent && s.context.turn(until, false)) {
                // a turn
            }
        } catch (MtcpException e) {
            // Interrupted, or the context was closed: the delivery goes on alone.
        } finally {
            finish(s);
        }
    }

    /** The end of a close that has waited. */
    static void finish(SocketState s) {
        Connection c = s.connection;
        s.lingering = false;
        s.connection = null;
        if (c != null && !s.context.mailbox.isClosed()) {
            s.context.tcp.close(c);
        }
    }

    static void abort(SocketState s) throws MtcpException {
        s.checkOpen();
        Connection c = s.connection;
        leave(s);
        s.connection = null;
        if (c != null) {
            s.context.tcp.abort(c);
            c.detach();
        }
    }

    /** The socket is closed for its application: what waits for it fails, nobody watches it, its port is free. */
    private static void leave(SocketState s) {
        s.kind = Kind.CLOSED;
        s.deregisterAll();
        s.retry();
        s.pendingError = null;
        SocketExtras extras = s.extras;
        if (extras == null) {
            return;
        }
        s.extras = null;
        Listener listener = extras.listener;
        if (listener != null) {
            s.context.tcp.close(listener);
        }
        if (extras.isBound()) {
            s.context.bindings.unbind(extras);
        }
    }
}
