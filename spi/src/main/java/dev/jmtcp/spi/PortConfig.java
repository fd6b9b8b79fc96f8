package dev.jmtcp.spi;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A port to open.
 *
 * @param name its name, as written in {@code port = …}
 * @param mac the hardware address to use; empty for the device's own
 * @param mtu the largest IP packet in bytes, without the Ethernet header; empty for the device's own
 * @param options the driver's options for this port (see {@link PacketIoProvider#portOptions()})
 */
public record PortConfig(String name, Optional<MacAddress> mac, OptionalInt mtu, Map<String, String> options) {

    public PortConfig {
        options = Map.copyOf(options);
    }

    /** A port with the device's own hardware address and MTU, and no options. */
    public static PortConfig of(String name) {
        return new PortConfig(name, Optional.empty(), OptionalInt.empty(), Map.of());
    }
}
