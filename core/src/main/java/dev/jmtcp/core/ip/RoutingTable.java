package dev.jmtcp.core.ip;

import dev.jmtcp.core.wire.Ipv4;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The routes, longest prefix first; a lookup walks down them, which suits the few dozen that a host has. Never changes. */
final class RoutingTable {

    /** There is no route. */
    static final int NONE = -1;

    private final int[] masks;
    private final int[] networks;
    private final int[] gateways;
    private final int[] ports;

    /**
     * @throws IllegalArgumentException if a route leads by a port that has no address, or by a gateway that is none
     */
    RoutingTable(List<InterfaceConfig> interfaces, List<Route> routes) {
        List<Route> all = new ArrayList<>();
        for (InterfaceConfig config : interfaces) {
            for (Prefix prefix : config.addresses()) {
                all.add(new Route(prefix, 0, config.port()));
            }
        }
        for (Route route : routes) {
            if (interfaces.stream()
                    .noneMatch(config ->
                            config.port() == route.port() && !config.addresses().isEmpty())) {
                throw new IllegalArgumentException(
                        "route to " + route.destination() + ": port " + route.port() + " has no address");
            }
            if (route.gateway() != 0 && !LocalAddresses.canBeUnicast(route.gateway())) {
                throw new IllegalArgumentException(
                        "route to " + route.destination() + ": gateway " + Ipv4.toString(route.gateway()));
            }
            all.add(route);
        }
        // Stable: of equal prefixes the link's own network comes first.
        all.sort(Comparator.comparingInt((Route route) -> route.destination().length())
                .reversed());
        masks = all.stream().mapToInt(route -> route.destination().mask()).toArray();
        networks = all.stream().mapToInt(route -> route.destination().network()).toArray();
        gateways = all.stream().mapToInt(Route::gateway).toArray();
        ports = all.stream().mapToInt(Route::port).toArray();
    }

    /** The route with the longest prefix that contains a destination, or {@link #NONE}. */
    int lookup(int destination) {
        for (int i = 0; i < masks.length; i++) {
            if ((destination & masks[i]) == networks[i]) {
                return i;
            }
        }
        return NONE;
    }

    int port(int route) {
        return ports[route];
    }

    /** The next hop's address on the way to a destination. */
    int nextHop(int route, int destination) {
        return gateways[route] == 0 ? destination : gateways[route];
    }
}
