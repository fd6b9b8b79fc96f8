package dev.jmtcp.core.socket;

import org.jspecify.annotations.Nullable;

/** What few sockets have: a local address of their own choice, timeouts, options without a connection. Belongs to the stack's thread. */
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

    boolean reuseAddress;
    boolean reusePort;

    boolean isBound() {
        return localPort != 0;
    }
}
