package dev.jmtcp.spi;

import java.io.IOException;

/** A driver cannot be opened. The message says what is missing and what to do about it. */
public class PacketIoException extends IOException {

    private static final long serialVersionUID = 1;

    public PacketIoException(String message) {
        super(message);
    }

    public PacketIoException(String message, Throwable cause) {
        super(message, cause);
    }
}
