package dev.jmtcp.core.ip;

import java.util.List;

/**
 * What the IPv4 layer is made with.
 *
 * @param interfaces the ports that have addresses
 * @param routes the routes besides those to the interfaces' own networks; of two to the same network the first counts
 * @param reassembly the bounds of reassembly
 * @param icmpErrorsPerSecond the most ICMP errors sent a second, in the long run (RFC 1812 section 4.3.2.8)
 * @param icmpErrorBurst the most ICMP errors sent at once
 */
public record Ipv4Config(
        List<InterfaceConfig> interfaces,
        List<Route> routes,
        ReassemblyLimits reassembly,
        int icmpErrorsPerSecond,
        int icmpErrorBurst) {

    public Ipv4Config {
        interfaces = List.copyOf(interfaces);
        routes = List.copyOf(routes);
        if (icmpErrorsPerSecond < 1 || icmpErrorBurst < 1) {
            throw new IllegalArgumentException("an ICMP limit below 1");
        }
    }

    /** With the usual limits. */
    public Ipv4Config(List<InterfaceConfig> interfaces, List<Route> routes) {
        this(interfaces, routes, ReassemblyLimits.DEFAULT, 1000, 50);
    }
}
