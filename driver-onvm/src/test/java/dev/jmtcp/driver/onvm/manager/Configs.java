package dev.jmtcp.driver.onvm.manager;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Toeplitz;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Configurations of the driver for tests. */
final class Configs {

    static final PortConfig PORT = PortConfig.of("dpdk0");

    private Configs() {}

    /** Of a network function that joins this manager, and more options: names and values in turn. */
    static DriverConfig of(Manager manager, int queues, String... options) {
        return new DriverConfig(
                queues, List.of(PORT), options(manager, options), Toeplitz.symmetricKey(), System::nanoTime);
    }

    static Map<String, String> options(Manager manager, String... options) {
        Map<String, String> all = new HashMap<>();
        all.put("file_prefix", manager.prefix());
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        return all;
    }
}
