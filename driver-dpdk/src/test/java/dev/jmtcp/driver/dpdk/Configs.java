package dev.jmtcp.driver.dpdk;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Toeplitz;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Configurations of the driver for tests. */
final class Configs {

    private Configs() {}

    static DriverConfig of(int queues, Map<String, String> options, PortConfig... ports) {
        return new DriverConfig(queues, List.of(ports), options, Toeplitz.symmetricKey(), System::nanoTime);
    }

    static DriverConfig of(PortConfig... ports) {
        return of(1, Map.of(), ports);
    }

    static PortConfig port(String name, String device) {
        return port(name, Map.of("device", device));
    }

    static PortConfig port(String name, Map<String, String> options) {
        return new PortConfig(name, Optional.empty(), OptionalInt.empty(), options);
    }
}
