package dev.jmtcp.core.socket;

import java.io.IOException;

/** A call on a socket, epoll or pipe has failed: {@link #errno()} says how, by the name that mTCP has for it. */
public final class MtcpException extends IOException {

    private static final long serialVersionUID = 1;

    private final Errno errno;

    public MtcpException(Errno errno) {
        this(errno, errno.description());
    }

    public MtcpException(Errno errno, String detail) {
        super(errno + ": " + detail);
        this.errno = errno;
    }

    public MtcpException(Errno errno, String detail, Throwable cause) {
        super(errno + ": " + detail, cause);
        this.errno = errno;
    }

    public Errno errno() {
        return errno;
    }

    /** The same error, thrown where the caller stands. */
    MtcpException here() {
        var copy = new MtcpException(
                errno, String.valueOf(getMessage()).substring(errno.name().length() + 2), this);
        return copy;
    }
}
