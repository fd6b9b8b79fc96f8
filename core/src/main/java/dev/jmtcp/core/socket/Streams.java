package dev.jmtcp.core.socket;

import dev.jmtcp.core.socket.SocketState.Kind;
import dev.jmtcp.core.tcp.CloseReason;
import dev.jmtcp.core.tcp.Connection;
import dev.jmtcp.core.tcp.State;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Reading and writing, without waiting: {@link Call#WAIT} tells that a blocking socket has to. On the stack's thread. */
final class Streams {

    private Streams() {}

    /** The number of bytes, −1 at the end, 0 if there is nothing and the socket does not block. */
    static long read(SocketState s, MemorySegment destination, long offset, int length, boolean peek)
            throws MtcpException {
        Connection c = connection(s);
        if (length == 0) {
            return 0;
        }
        // A read stops at the urgent mark, as Linux's does, so that the application can find it.
        int urgent = c.urgentAhead();
        int most = urgent > 1 ? Math.min(length, urgent - 1) : length;
        int n = peek
                ? s.context.tcp.peek(c, 0, destination, offset, most)
                : s.context.tcp.read(c, destination, offset, most);
        if (n > 0) {
            return n;
        }
        if (c.peerClosed()) {
            return -1; // as Linux: after the peer's FIN, an error is for those who write
        }
        throwPending(s);
        if (s.readShut || c.atEnd()) {
            return -1;
        }
        return s.nonBlocking ? 0 : Call.WAIT;
    }

    /** The number of bytes taken, above 0 unless there is no room and the socket does not block. */
    static long write(SocketState s, MemorySegment source, long offset, int length) throws MtcpException {
        Connection c = connection(s);
        throwPending(s);
        State state = c.state();
        if (s.writeShut || !state.maySend()) {
            throw new MtcpException(Errno.EPIPE);
        }
        if (length == 0) {
            return 0;
        }
        if (state != State.SYN_SENT && state != State.SYN_RECEIVED) {
            int n = s.context.tcp.write(c, source, offset, length);
            if (n > 0) {
                return n;
            }
            if (s.nonBlocking && c.writable() > 0) {
                throw new MtcpException(Errno.ENOMEM, "no buffers are left");
            }
        }
        return s.nonBlocking ? 0 : Call.WAIT;
    }

    /** What a write answers that fails after it has taken some bytes: their number, and the error is kept for the next call. */
    static long partial(SocketState s, long total, MtcpException e) throws MtcpException {
        if (total == 0) {
            throw e;
        }
        switch (e.errno()) {
            case ECONNRESET,
                    ETIMEDOUT,
                    ECONNABORTED,
                    EHOSTUNREACH,
                    ENETUNREACH,
                    ECONNREFUSED,
                    ENOPROTOOPT,
                    ENETDOWN -> {
                if (s.kind == Kind.STREAM) {
                    s.pendingError = e.errno();
                }
            }
            default -> {} // comes back by itself
        }
        return total;
    }

    static int available(SocketState s) throws MtcpException {
        return connection(s).readable();
    }

    static int room(SocketState s) throws MtcpException {
        return connection(s).writable();
    }

    static int urgentAhead(SocketState s) throws MtcpException {
        return connection(s).urgentAhead();
    }

    static void markUrgent(SocketState s) throws MtcpException {
        Connection c = connection(s);
        if (c.state() != State.CLOSED) {
            s.context.tcp.markUrgent(c);
        }
    }

    /** SO_ERROR: the error that is pending, or else one that ICMP has reported and that has not ended the connection. */
    static @Nullable Errno takeError(SocketState s) {
        Errno error = s.pendingError;
        s.pendingError = null;
        Connection c = s.connection;
        if (error == null && c != null) {
            CloseReason soft = c.takeSoftError();
            return soft == null ? null : Errno.of(soft);
        }
        return error;
    }

    private static void throwPending(SocketState s) throws MtcpException {
        Errno error = s.pendingError;
        if (error != null) {
            s.pendingError = null;
            throw new MtcpException(error);
        }
    }

    private static Connection connection(SocketState s) throws MtcpException {
        s.checkOpen();
        Connection c = s.connection;
        if (c == null) {
            throw new MtcpException(s.kind == Kind.LISTENER ? Errno.ENOTSOCK : Errno.ENOTCONN);
        }
        return c;
    }
}
