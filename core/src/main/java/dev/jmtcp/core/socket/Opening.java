package dev.jmtcp.core.socket;

import dev.jmtcp.core.socket.SocketState.Kind;
import dev.jmtcp.core.tcp.ConnectFailure;
import dev.jmtcp.core.tcp.Connection;
import dev.jmtcp.core.tcp.ConnectionOptions;
import dev.jmtcp.core.tcp.Listener;
import dev.jmtcp.core.tcp.State;
import dev.jmtcp.core.tcp.Tcp;
import java.net.InetSocketAddress;

/** How a socket gets its addresses and its connection. On the stack's thread. */
final class Opening {

    private Opening() {}

    static void bind(SocketState s, InetSocketAddress local) throws MtcpException {
        s.checkOpen();
        if (s.kind != Kind.FRESH || s.extras().isBound()) {
            throw new MtcpException(Errno.EINVAL, "bound, connected or listening already");
        }
        AddressCache address = s.context.addresses;
        address.set(local);
        bind(s, address.high, address.low, local.getPort());
    }

    private static void bind(SocketState s, long high, long low, int port) throws MtcpException {
        if ((high != 0 || low != 0) && !s.context.tcp.network().isLocal(high, low)) {
            throw new MtcpException(Errno.EADDRNOTAVAIL);
        }
        if (!s.context.bindings.bind(s.extras(), high, low, port)) {
            throw new MtcpException(Errno.EADDRINUSE);
        }
    }

    static void listen(SocketState s, int backlog) throws MtcpException {
        s.checkOpen();
        if (s.kind == Kind.STREAM) {
            throw new MtcpException(Errno.EISCONN);
        }
        if (s.kind == Kind.LISTENER || backlog < 1) {
            throw new MtcpException(Errno.EINVAL, s.kind == Kind.LISTENER ? "listens already" : "backlog " + backlog);
        }
        SocketExtras extras = s.extras();
        if (!extras.isBound()) {
            bind(s, 0, 0, 0);
        }
        Tcp tcp = s.context.tcp;
        // A copy: what is set on the listener later is its own.
        var options = new ConnectionOptions(optionsOf(s));
        Listener listener = tcp.listen(extras.localHigh, extras.localLow, extras.localPort, backlog, options);
        if (listener == null) {
            throw new MtcpException(Errno.EADDRINUSE);
        }
        extras.options = null;
        extras.listener = listener;
        listener.attach(s);
        s.kind = Kind.LISTENER;
    }

    /** The options that a connection or listener is to begin with. */
    private static ConnectionOptions optionsOf(SocketState s) {
        ConnectionOptions own = s.options();
        return own == null ? s.context.tcp.options() : own;
    }

    /** 1 if there was a connection, 0 if there was none and the socket does not block, or {@link Call#WAIT}. */
    static long accept(SocketState s, SocketState closed) throws MtcpException {
        s.checkOpen();
        Listener listener = s.listener();
        if (listener == null) {
            throw new MtcpException(Errno.EINVAL, "does not listen");
        }
        if (closed.kind != Kind.CLOSED || closed.lingering || closed.context != s.context) {
            throw new MtcpException(Errno.EINVAL, "to be accepted into a closed socket of the same context");
        }
        Connection c = s.context.tcp.accept(listener);
        if (c == null) {
            return s.nonBlocking ? 0 : Call.WAIT;
        }
        closed.reset();
        closed.kind = Kind.STREAM;
        closed.connection = c;
        closed.connected = true;
        c.attach(closed);
        closed.happened(c, c.takeEvents());
        return 1;
    }

    /** Begins to connect. */
    static void connect(SocketState s, InetSocketAddress remote) throws MtcpException {
        s.checkOpen();
        switch (s.kind) {
            case LISTENER -> throw new MtcpException(Errno.EISCONN, "listens");
            case STREAM -> inUse(s);
            case FRESH, CLOSED -> {}
        }
        AddressCache address = s.context.addresses;
        address.set(remote);
        Connection c;
        try {
            c = connect(s, address.high, address.low, remote.getPort());
        } catch (ConnectFailure e) {
            throw new MtcpException(Errno.of(e.reason()), "to " + remote + ": " + e.reason(), e);
        }
        s.kind = Kind.STREAM;
        SocketExtras extras = s.extras;
        if (extras != null) {
            extras.options = null; // the connection has them
        }
        s.connected = false;
        s.readShut = false;
        s.writeShut = false;
        s.allSent = false;
        s.pendingError = null;
        s.connection = c;
        c.attach(s);
    }

    /** Refuses to connect a socket that has a connection, unless the attempt has failed. */
    private static void inUse(SocketState s) throws MtcpException {
        Connection c = s.connection;
        if (c != null && (c.state() == State.SYN_SENT || c.state() == State.SYN_RECEIVED)) {
            throw new MtcpException(Errno.EALREADY);
        }
        finishConnect(s); // tells why the last attempt has failed, if it has
        throw new MtcpException(Errno.EISCONN);
    }

    private static Connection connect(SocketState s, long high, long low, int port) throws MtcpException {
        Context context = s.context;
        Tcp tcp = context.tcp;
        ConnectionOptions options = optionsOf(s);
        SocketExtras extras = s.extras;
        if (extras != null && extras.isBound()) {
            int local = extras.portChosen
                            && !context.arrivesHere(
                                    extras.localHigh, extras.localLow, extras.localPort, high, low, port)
                    ? 0
                    : extras.localPort;
            return tcp.connect(extras.localHigh, extras.localLow, local, high, low, port, options);
        }
        SourcePool sources = context.sources;
        if (sources.isFor(high, low, port)) {
            if (!sources.take(tcp)) {
                throw new MtcpException(Errno.EADDRNOTAVAIL, "all addresses and ports of the pool are in use");
            }
            return tcp.connect(sources.localHigh, sources.localLow, sources.localPort, high, low, port, options);
        }
        return tcp.connect(0, 0, 0, high, low, port, options);
    }

    /** 1 if the connection stands, 0 if not yet and the socket does not block, or {@link Call#WAIT}. */
    static long finishConnect(SocketState s) throws MtcpException {
        s.checkOpen();
        Connection c = s.connection;
        if (c == null) {
            throw new MtcpException(Errno.ENOTCONN, "no attempt to connect is under way");
        }
        return switch (c.state()) {
            case SYN_SENT, SYN_RECEIVED -> s.nonBlocking ? 0 : Call.WAIT;
            case CLOSED -> {
                if (s.connected) {
                    yield 1;
                }
                // It can be connected again.
                Errno error = s.pendingError;
                s.pendingError = null;
                s.connection = null;
                s.kind = Kind.FRESH;
                c.detach();
                throw new MtcpException(error == null ? Errno.ECONNABORTED : error);
            }
            case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT -> 1;
        };
    }

    static void reopen(SocketState s) throws MtcpException {
        s.context.checkOpen();
        if (s.kind != Kind.CLOSED || s.lingering) {
            throw new MtcpException(Errno.EINVAL, "not closed");
        }
        s.reset();
    }

    static InetSocketAddress localAddress(SocketState s) throws MtcpException {
        s.checkOpen();
        Connection c = s.connection;
        SocketExtras extras = s.extras;
        if (c != null) {
            return AddressCache.object(c.localHigh(), c.localLow(), c.localPort());
        }
        return extras == null
                ? AddressCache.object(0, 0, 0)
                : AddressCache.object(extras.localHigh, extras.localLow, extras.localPort);
    }

    static InetSocketAddress remoteAddress(SocketState s) throws MtcpException {
        s.checkOpen();
        Connection c = s.connection;
        if (c == null || !c.state().isSynchronized() || c.state() == State.TIME_WAIT) {
            throw new MtcpException(Errno.ENOTCONN);
        }
        return AddressCache.object(c.remoteHigh(), c.remoteLow(), c.remotePort());
    }
}
