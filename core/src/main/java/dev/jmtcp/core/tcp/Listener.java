package dev.jmtcp.core.tcp;

import org.jspecify.annotations.Nullable;

/**
 * A port that is listened on (LISTEN of RFC 9293): handshakes under way in the order of their SYNs, and connections that wait to be accepted in the
 * order in which they were established. Belongs to the stack's thread.
 */
public final class Listener {

    /** The address it is bound to; both halves 0 for any. */
    final long high;

    final long low;
    final int port;
    final int backlog;
    ConnectionOptions options;

    @Nullable
    Listener nextAtPort;

    /** Until when ACKs may acknowledge SYN cookies. */
    long cookiesUntil = Long.MIN_VALUE;

    boolean closed;
    boolean inEventList;

    @Nullable
    Listener nextEvent;

    @Nullable
    Object user;

    /** SYN-RECEIVED, oldest first. */
    final ConnectionList halfOpen = new ConnectionList();

    /** Established and not accepted. */
    final ConnectionList acceptable = new ConnectionList();

    Listener(long high, long low, int port, int backlog, ConnectionOptions options) {
        this.high = high;
        this.low = low;
        this.port = port;
        this.backlog = backlog;
        this.options = options;
    }

    public int port() {
        return port;
    }

    public long high() {
        return high;
    }

    public long low() {
        return low;
    }

    /** The options that connections accepted here start with, to be read only: they may be shared. */
    public ConnectionOptions options() {
        return options;
    }

    /** Sets the options of connections to come. */
    public void options(ConnectionOptions options) {
        this.options = options;
    }

    /** Connections that wait to be accepted. */
    public int pending() {
        return acceptable.size();
    }

    /** Ties whoever uses this listener to it. */
    public void attach(Object user) {
        this.user = user;
    }

    public @Nullable Object user() {
        return user;
    }

    boolean isFull() {
        return acceptable.size() >= backlog;
    }
}
