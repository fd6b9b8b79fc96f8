package dev.jmtcp.core.socket;

import dev.jmtcp.core.tcp.ConnectionOptions;
import dev.jmtcp.core.tcp.Listener;
import org.jspecify.annotations.Nullable;

/** What few sockets have: a local address of their own choice, a listener, timeouts, options without a connection. Belongs to the stack's thread. */
final class SocketExtras {

    /** What the socket is bound to, if the port is not 0. */
    long localHigh;

    long localLow;
    int localPort;

    /** Whether the port was chosen here, so that another will do as well. */
    boolean portChosen;

    /** The next that is bound to the same port: see {@link Bindings}. */
    @Nullable
    SocketExtras nextBound;

    /** SO_RCVTIMEO and SO_SNDTIMEO in nanoseconds, 0 for none; read by the threads of callers too. */
    volatile long receiveTimeout;

    volatile long sendTimeout;

    /** Of a LISTENER. */
    @Nullable
    Listener listener;

    /** Options set before there was a connection. */
    @Nullable
    ConnectionOptions options;

    boolean reuseAddress;
    boolean reusePort;

    boolean isBound() {
        return localPort != 0;
    }
}
