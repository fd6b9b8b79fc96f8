package dev.jmtcp.core.driver;

import dev.jmtcp.spi.PacketIoProvider;

/**
 * A driver that was found.
 *
 * @param name the value of {@code io} that selects it
 * @param provider the driver
 * @param origin where it was found: a jar, or a module of the program itself
 */
public record Driver(String name, PacketIoProvider provider, String origin) {}
