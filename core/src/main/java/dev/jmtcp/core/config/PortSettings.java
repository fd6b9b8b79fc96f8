package dev.jmtcp.core.config;

import dev.jmtcp.spi.MacAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the configuration says of a port.
 *
 * @param name the port's name
 * @param addresses its addresses with their prefixes, in the order written; empty if none is given
 * @param gateway its default gateway
 * @param mac the hardware address to use; empty for the device's own
 * @param mtu the largest IP packet in bytes; empty for the device's own
 * @param options what is given for the driver's options of a port
 */
public record PortSettings(
        String name,
        List<Cidr> addresses,
        Optional<InetAddress> gateway,
        Optional<MacAddress> mac,
        OptionalInt mtu,
        Map<String, String> options) {

    public PortSettings {
        addresses = List.copyOf(addresses);
        options = Map.copyOf(options);
    }

    /** A port of which the configuration says nothing. */
    public static PortSettings of(String name) {
        return new PortSettings(name, List.of(), Optional.empty(), Optional.empty(), OptionalInt.empty(), Map.of());
    }
}
