package dev.jmtcp.core.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files that a configuration was read from.
 *
 * @param main the main file
 * @param routes {@code route.conf}
 * @param neighbors {@code arp.conf}
 */
public record ConfigFiles(Optional<Path> main, Optional<Path> routes, Optional<Path> neighbors) {

    /** No file. */
    public static final ConfigFiles NONE = new ConfigFiles(Optional.empty(), Optional.empty(), Optional.empty());
}
