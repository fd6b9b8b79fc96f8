package dev.jmtcp.core.config;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A route that the configuration names, of {@code route.conf} or {@code port.<name>.gateway}.
 *
 * @param destination the network it leads to; {@code 0.0.0.0/0} for all others
 * @param gateway the next hop; empty if the destination is on the link
 * @param port the port it goes by
 */
public record StaticRoute(Cidr destination, Optional<InetAddress> gateway, String port) {}
