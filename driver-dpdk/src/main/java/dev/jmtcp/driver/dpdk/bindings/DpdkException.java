package dev.jmtcp.driver.dpdk.bindings;

import dev.jmtcp.spi.PacketIoException;

/** A call of DPDK failed, or DPDK cannot be had. */
public final class DpdkException extends PacketIoException {

    private static final long serialVersionUID = 1;

    private final int errno;
    private final String problem;

    DpdkException(String message) {
        this(message, 0);
    }

    DpdkException(String message, int errno) {
        super(message);
        this.errno = errno;
        problem = message;
    }

    DpdkException(String message, Throwable cause) {
        super(message, cause);
        this.errno = 0;
        problem = message;
    }

    /** What is wrong: the message. */
    public String problem() {
        return problem;
    }

    /** The number of the error, one of errno.h; 0 if it has none. */
    public int errno() {
        return errno;
    }
}
