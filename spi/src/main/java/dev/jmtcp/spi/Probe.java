package dev.jmtcp.spi;

/** What a driver says of the machine it is asked on. */
public sealed interface Probe {

    /**
     * The driver can run here.
     *
     * @param detail one line, e.g. the version of what was found
     */
    record Usable(String detail) implements Probe {}

    /**
     * The driver cannot run here.
     *
     * @param reason one line: what is missing
     * @param remedy one line: what to do about it, a command where there is one
     */
    record Unusable(String reason, String remedy) implements Probe {}
}
