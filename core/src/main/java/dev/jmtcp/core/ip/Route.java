package dev.jmtcp.core.ip;

/**
 * A way to a network.
 *
 * @param destination the network; {@link Prefix#ALL} for a default route
 * @param gateway the next hop's IPv4 address; 0 if the network is on the link
 * @param port the driver port's index
 */
public record Route(Prefix destination, int gateway, int port) {}
