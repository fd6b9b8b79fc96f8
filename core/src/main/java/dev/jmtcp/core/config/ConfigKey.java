package dev.jmtcp.core.config;

import java.util.List;

/**
 * A key of the configuration file, as documentation shows it.
 *
 * @param name the key; those of a port without {@code port.<name>.}
 * @param group what it belongs to
 * @param defaultValue what holds when it is absent, as it would be written or in words
 * @param accepted the accepted values, in words
 * @param description one line: what it does
 */
public record ConfigKey(String name, Group group, String defaultValue, String accepted, String description) {

    /** What keys belong to. */
    public enum Group {
        /** mTCP's own, with mTCP's meaning. */
        MTCP,
        /** The stack and its files. */
        STACK,
        /** TCP. */
        TCP,
        /** Faults to inject. */
        FAULT,
        /** One port: written {@code port.<name>.<key>}. */
        PORT
    }

    /** All keys but the drivers' own, in the order of the documentation. */
    public static List<ConfigKey> all() {
        return ConfigKeys.documentation();
    }
}
