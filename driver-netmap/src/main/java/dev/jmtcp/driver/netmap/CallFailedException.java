package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.PacketIoException;

/** A system call on the way to an open port failed. */
final class CallFailedException extends PacketIoException {

    private static final long serialVersionUID = 1;

    private final String call;
    private final int errno;

    CallFailedException(String call, int errno) {
        super(call + ": " + Errno.text(errno));
        this.call = call;
        this.errno = errno;
    }

    /** What failed, and why. */
    String problem() {
        return call + ": " + Errno.text(errno);
    }

    /** A number of {@link Errno}. */
    int errno() {
        return errno;
    }
}
