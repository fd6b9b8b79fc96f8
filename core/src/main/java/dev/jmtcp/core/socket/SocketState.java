package dev.jmtcp.core.socket;

import dev.jmtcp.core.tcp.CloseReason;
import dev.jmtcp.core.tcp.Connection;
import dev.jmtcp.core.tcp.ConnectionOptions;
import dev.jmtcp.core.tcp.Events;
import dev.jmtcp.core.tcp.Listener;
import dev.jmtcp.core.tcp.State;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What a socket knows and what its calls do on the stack's thread; other threads only read timeouts here. The work itself is done by {@link Opening},
 * {@link Streams}, {@link Closing} and {@link OptionTable}. Kept small, since there may be a million: what few sockets have is in {@link SocketExtras}.
 */
abstract sealed class SocketState extends Pollable permits MtcpSocket {

    /** What a socket is. */
    enum Kind {
        /** Neither connected nor listening; perhaps bound. */
        FRESH,
        /** With a connection, alive or dead. */
        STREAM,
        LISTENER,
        CLOSED
    }

    Kind kind = Kind.FRESH;
    boolean nonBlocking;
    boolean connected;
    boolean readShut;
    boolean writeShut;

    /** Closed by its application, which still waits for the delivery of what was written. */
    boolean lingering;

    /** Everything written, and the FIN, has been acknowledged, or never will be. */
    boolean allSent;

    /** SO_ERROR: to be thrown by the next call that it concerns. */
    @Nullable
    Errno pendingError;

    /** Of a STREAM, and of a CLOSED socket that lingers. */
    @Nullable
    Connection connection;

    /** Null until needed. */
    volatile @Nullable SocketExtras extras;

    SocketState(Context context) {
        super(context);
    }

    final void checkOpen() throws MtcpException {
        context.checkOpen();
        if (kind == Kind.CLOSED) {
            throw new MtcpException(Errno.EBADF);
        }
    }

    @Override
    final boolean isOpenHere() {
        return kind != Kind.CLOSED;
    }

    @Override
    final int readiness() {
        return Readiness.of(this);
    }

    final void setBlocking(boolean blocking) throws MtcpException {
        checkOpen();
        nonBlocking = !blocking;
    }

    final SocketExtras extras() {
        SocketExtras e = extras;
        if (e == null) {
            e = new SocketExtras();
            extras = e;
        }
        return e;
    }

    /** Of a LISTENER. */
    final @Nullable Listener listener() {
        SocketExtras e = extras;
        return e == null ? null : e.listener;
    }

    /** Options set before there was a connection. */
    final @Nullable ConnectionOptions options() {
        SocketExtras e = extras;
        return e == null ? null : e.options;
    }

    /** SO_RCVTIMEO; from any thread. */
    final long receiveTimeout() {
        SocketExtras e = extras;
        return e == null || e.receiveTimeout == 0 ? Call.FOREVER : e.receiveTimeout;
    }

    /** SO_SNDTIMEO; from any thread. */
    final long sendTimeout() {
        SocketExtras e = extras;
        return e == null || e.sendTimeout == 0 ? Call.FOREVER : e.sendTimeout;
    }

    /** Something has happened to the connection. */
    final void happened(Connection c, int events) {
        if (c != connection) {
            return;
        }
        connected |= (events & Events.CONNECTED) != 0;
        if ((events & Events.ALL_SENT) != 0 || c.state() == State.CLOSED) {
            allSent = true;
        }
        if ((events & Events.ERROR) != 0 && c.error() != CloseReason.ABORTED) {
            pendingError = Errno.of(c.error());
        }
        changed(Readiness.of(events));
    }

    /** Becomes as new. */
    final void reset() {
        kind = Kind.FRESH;
        nonBlocking = false;
        connected = false;
        readShut = false;
        writeShut = false;
        lingering = false;
        allSent = false;
        pendingError = null;
        connection = null;
        extras = null;
    }

    // ---- Calls of the owner, which let the stack have its turns while they wait

    final boolean awaitConnect() throws MtcpException {
        long result = Opening.finishConnect(this);
        if (result == Call.WAIT) {
            long until = context.deadline(sendTimeout());
            do {
                if (!context.turn(until, false)) {
                    return false;
                }
                result = Opening.finishConnect(this);
            } while (result == Call.WAIT);
        }
        return result == 1;
    }

    final int readHere(MemorySegment destination, long offset, int length, boolean peek) throws MtcpException {
        long n = Streams.read(this, destination, offset, length, peek);
        if (n == Call.WAIT) {
            long until = context.deadline(receiveTimeout());
            do {
                if (!context.turn(until, false)) {
                    return 0;
                }
                n = Streams.read(this, destination, offset, length, peek);
            } while (n == Call.WAIT);
        }
        return (int) n;
    }

    final int writeHere(MemorySegment source, long offset, int length) throws MtcpException {
        long n = Streams.write(this, source, offset, length);
        if (nonBlocking || n == length) {
            return (int) n;
        }
        int total = 0;
        try {
            long until = context.deadline(sendTimeout());
            while (true) {
                if (n != Call.WAIT) {
                    total += (int) n;
                    if (total == length || pendingError != null) {
                        return total;
                    }
                } else if (!context.turn(until, false)) {
                    return total;
                }
                n = Streams.write(this, source, offset + total, length - total);
            }
        } catch (MtcpException e) {
            return (int) Streams.partial(this, total, e);
        }
    }

    /** What it is, for people; on the stack's thread. */
    @Override
    public String toString() {
        return context.isOwner() && connection != null ? connection.toString() : kind + " socket of " + context;
    }
}
