package dev.jmtcp.core.config;

import dev.jmtcp.spi.MacAddress;
import java.util.ArrayList;
import java.util.List;

/** mTCP's {@code arp.conf}: {@code ARP_ENTRY n}, then at most n lines {@code address/prefix hardware-address}. */
final class ArpFile {

    private static final String HEADER = "ARP_ENTRY";
    private static final String ENTRY =
            "an address, a slash, a prefix length and a hardware address: 10.0.0.2/32 02:00:00:00:00:02";

    private ArpFile() {}

    static List<StaticNeighbor> parse(String file, String text) {
        List<StaticNeighbor> neighbors = new ArrayList<>();
        int announced = 0;
        int expected = 0;
        for (ConfigText.Line line : ConfigText.lines(text)) {
            if (announced == 0 && line.text().startsWith(HEADER)) {
                expected = RouteFile.count(file, line, HEADER);
                announced = line.number();
            } else if (neighbors.size() == expected) {
                throw error(
                        file,
                        line,
                        announced == 0 ? "an entry before ARP_ENTRY" : "more entries than ARP_ENTRY says",
                        announced == 0
                                ? "ARP_ENTRY and the number of entries first"
                                : expected + " entries, or a larger number in line " + announced);
            } else {
                neighbors.add(neighbor(file, line));
            }
        }
        return neighbors;
    }

    private static StaticNeighbor neighbor(String file, ConfigText.Line line) {
        String[] words = line.text().split("[ \t]+", -1);
        try {
            if (words.length == 2) {
                Cidr addresses = Cidr.parse(words[0]);
                return new StaticNeighbor(
                        new Cidr(addresses.network(), addresses.prefixLength()), MacAddress.parse(words[1]));
            }
        } catch (IllegalArgumentException _) {
            // falls through to the error that says what is accepted
        }
        throw error(file, line, "bad entry '" + line.text() + "'", ENTRY);
    }

    private static ConfigException error(String file, ConfigText.Line line, String problem, String expected) {
        return new ConfigException(file, line.number(), "", problem, expected);
    }
}
