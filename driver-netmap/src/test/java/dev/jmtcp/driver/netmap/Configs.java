package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PortConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Configurations of the driver for tests. */
final class Configs {

    private static final byte[] KEY = new byte[40];

    static {
        Arrays.fill(KEY, (byte) 5);
    }

    private Configs() {}

    static DriverConfig of(int queues, Map<String, String> options, PortConfig... ports) {
        return new DriverConfig(queues, List.of(ports), options, KEY, System::nanoTime);
    }

    static DriverConfig of(PortConfig... ports) {
        return of(1, Map.of(), ports);
    }

    static PortConfig port(String name, Map<String, String> options) {
        return new PortConfig(name, Optional.empty(), OptionalInt.empty(), options);
    }

    static PortConfig withMac(String name, String mac) {
        return new PortConfig(name, Optional.of(MacAddress.parse(mac)), OptionalInt.empty(), Map.of());
    }

    static PortConfig withMtu(String name, int mtu) {
        return new PortConfig(name, Optional.empty(), OptionalInt.of(mtu), Map.of());
    }
}
