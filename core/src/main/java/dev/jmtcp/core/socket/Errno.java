package dev.jmtcp.core.socket;

import dev.jmtcp.core.tcp.CloseReason;
import dev.jmtcp.core.tcp.ConnectFailure;
import org.jspecify.annotations.Nullable;

/**
 * The errors of the socket API by their POSIX names, as mTCP sets them in {@code errno}; the numbers are Linux's. {@code EAGAIN} and
 * {@code EINPROGRESS} are missing: what they say is a return value here.
 */
public enum Errno {
    EPERM(1, "the context or stack has been closed"),
    ENOENT(2, "not registered with this epoll"),
    EINTR(4, "interrupted"),
    EIO(5, "the stack or its device has failed"),
    EBADF(9, "closed"),
    ENOMEM(12, "out of memory for connections or their data"),
    EEXIST(17, "registered with this epoll already"),
    EINVAL(22, "invalid argument"),
    EPIPE(32, "the sending side is closed"),
    EDEADLK(35, "would have to wait on the stack's own thread, which nobody else turns"),
    ENOTSOCK(88, "not a socket of the right kind"),
    ENOPROTOOPT(92, "no such option, or not for such a socket; or the peer's host does not speak TCP"),
    EADDRINUSE(98, "address in use"),
    EADDRNOTAVAIL(99, "address not available"),
    ENETDOWN(100, "the stack was shut down"),
    ENETUNREACH(101, "network unreachable"),
    ECONNABORTED(103, "connection aborted"),
    ECONNRESET(104, "connection reset by peer"),
    EISCONN(106, "connected already"),
    ENOTCONN(107, "not connected"),
    ETIMEDOUT(110, "connection timed out"),
    ECONNREFUSED(111, "connection refused"),
    EHOSTUNREACH(113, "no route to host"),
    EALREADY(114, "a connection attempt is under way");

    private final int number;
    private final String description;

    Errno(int number, String description) {
        this.number = number;
        this.description = description;
    }

    /** The number that Linux gives it. */
    public int number() {
        return number;
    }

    /** What it means here. */
    public String description() {
        return description;
    }

    /** The error that a connection's end is to its application; null for none. */
    static @Nullable Errno of(CloseReason reason) {
        return switch (reason) {
            case NONE, NORMAL -> null;
            case ABORTED -> ECONNABORTED;
            case REFUSED -> ECONNREFUSED;
            case RESET -> ECONNRESET;
            case TIMED_OUT, IDLE -> ETIMEDOUT;
            case HOST_UNREACHABLE -> EHOSTUNREACH;
            case NETWORK_UNREACHABLE -> ENETUNREACH;
            case PROTOCOL_UNREACHABLE -> ENOPROTOOPT;
            case SHUT_DOWN -> ENETDOWN;
        };
    }

    static Errno of(ConnectFailure.Reason reason) {
        return switch (reason) {
            case NO_ROUTE -> ENETUNREACH;
            case BAD_REMOTE_ADDRESS, OTHER_CORE -> EINVAL;
            case BAD_LOCAL_ADDRESS, NO_PORT -> EADDRNOTAVAIL;
            case IN_USE -> EADDRINUSE;
            case TOO_MANY -> ENOMEM;
        };
    }
}
