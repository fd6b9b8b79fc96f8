package dev.jmtcp.core.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * mTCP's {@code route.conf}: {@code ROUTES n}, then n lines {@code address/prefix port}. The address names the destination network, on the link of the
 * port; with prefix 0 it is the default gateway. Other lines are passed over, as mTCP does.
 */
final class RouteFile {

    private static final String HEADER = "ROUTES";
    private static final String ENTRY = "an IPv4 address, a slash, a prefix length and a port: 10.0.0.0/24 dpdk0";

    private RouteFile() {}

    static List<StaticRoute> parse(String file, String text, List<String> ports, Consumer<String> warnings) {
        List<StaticRoute> routes = new ArrayList<>();
        int expected = 0;
        int announced = 0;
        int gatewayLine = 0;
        for (ConfigText.Line line : ConfigText.lines(text)) {
            if (line.text().startsWith(HEADER)) {
                expected = count(file, line, HEADER);
                announced = line.number();
                if (expected == 0) {
                    break;
                }
            } else if (expected == 0) {
                warnings.accept("%s:%d: '%s' has no effect: %s"
                        .formatted(
                                file,
                                line.number(),
                                line.text(),
                                announced == 0
                                        ? "no ROUTES line before it"
                                        : "more lines than line " + announced + " says"));
            } else {
                expected--;
                StaticRoute route = route(file, line, ports);
                if (route.destination().prefixLength() == 0) {
                    if (gatewayLine > 0) {
                        throw error(
                                file,
                                line,
                                "a second default gateway",
                                "one, that of line " + gatewayLine + " or this");
                    }
                    gatewayLine = line.number();
                }
                if (ports.contains(route.port()) || ports.contains(ConfigDraft.ALL)) {
                    routes.add(route);
                } else {
                    warnings.accept("%s:%d: '%s' has no effect: port %s is not in use"
                            .formatted(file, line.number(), line.text(), route.port()));
                }
            }
        }
        if (expected > 0) {
            warnings.accept("%s:%d: %d routes fewer than announced".formatted(file, announced, expected));
        }
        return routes;
    }

    /** The number after a header word. */
    static int count(String file, ConfigText.Line line, String header) {
        String number = line.text().substring(header.length()).replaceFirst("^[ \t=]+", "");
        if (!number.matches("[0-9]{1,6}")) {
            throw error(file, line, "bad count '" + number + "'", header + " and the number of entries that follow");
        }
        return Integer.parseInt(number);
    }

    private static StaticRoute route(String file, ConfigText.Line line, List<String> ports) {
        String[] words = line.text().split("[ \t]+", -1);
        // mTCP built for netmap reads no port from this file
        boolean portOmitted = words.length == 1 && ports.size() == 1 && !ports.contains(ConfigDraft.ALL);
        if (words.length != 2 && !portOmitted) {
            throw error(file, line, "bad route '" + line.text() + "'", ENTRY);
        }
        Cidr written;
        try {
            written = Cidr.parse(words[0]);
        } catch (IllegalArgumentException _) {
            throw error(file, line, "bad route '" + line.text() + "'", ENTRY);
        }
        String port = portOmitted ? ports.getFirst() : words[1];
        if (written.prefixLength() == 0) {
            Optional<InetAddress> gateway =
                    written.address().isAnyLocalAddress() ? Optional.empty() : Optional.of(written.address());
            return new StaticRoute(new Cidr(written.network(), 0), gateway, port);
        }
        return new StaticRoute(new Cidr(written.network(), written.prefixLength()), Optional.empty(), port);
    }

    private static ConfigException error(String file, ConfigText.Line line, String problem, String expected) {
        return new ConfigException(file, line.number(), "", problem, expected);
    }
}
