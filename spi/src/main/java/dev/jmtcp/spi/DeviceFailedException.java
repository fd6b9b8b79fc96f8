package dev.jmtcp.spi;

/** A device that was open is gone or broken for good. */
public final class DeviceFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public DeviceFailedException(String message) {
        super(message);
    }

    public DeviceFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
