package dev.jmtcp.core.driver;

import dev.jmtcp.core.config.ConfigException;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.config.PortSettings;
import dev.jmtcp.core.config.Setting;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.PortConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** What a configuration means to a driver, and what a driver's complaint means to the configuration. */
final class DriverSettings {

    private DriverSettings() {}

    static DriverConfig config(JmtcpConfig config, PacketIoProvider provider, LongSupplier clock) {
        return new DriverConfig(config.numCores(), ports(config), options(config, provider), config.rssKey(), clock);
    }

    /** The complaint with its place in the file. */
    static ConfigException explain(JmtcpConfig config, String driver, InvalidOptionException complaint) {
        Setting setting = config.setting(driver + "." + complaint.option())
                .or(() -> config.setting(complaint.option()))
                .orElse(new Setting(complaint.option(), "", "", 0));
        var explained = ConfigException.of(setting, complaint.problem(), complaint.accepted());
        explained.initCause(complaint);
        return explained;
    }

    /** {@code <driver>.<option>}; where a driver takes an option of the name of one of mTCP's keys, that key too. */
    private static Map<String, String> options(JmtcpConfig config, PacketIoProvider provider) {
        Map<String, String> given = config.driverOptions(provider.name());
        Map<String, String> options = new HashMap<>();
        for (DriverOption option : provider.options()) {
            String name = option.name();
            if (given.containsKey(name)) {
                options.put(name, given.get(name));
            } else {
                config.setting(name).ifPresent(setting -> options.put(name, setting.value()));
            }
        }
        return options;
    }

    private static List<PortConfig> ports(JmtcpConfig config) {
        if (config.ports().isEmpty()) {
            throw new ConfigException("", 0, "port", "no port is named", "port = and the names of ports, or all");
        }
        if (config.allPorts()) {
            for (PortSettings port : config.portSettings().values()) {
                if (port.mac().isPresent()
                        || port.mtu().isPresent()
                        || !port.options().isEmpty()) {
                    Setting setting = config.setting("port").orElseThrow();
                    throw ConfigException.of(
                            setting,
                            "port " + port.name() + " has a hardware address, MTU or options of its own",
                            "the names of the ports instead of all");
                }
            }
            return List.of(PortConfig.of("all"));
        }
        return config.ports().stream()
                .distinct()
                .map(config::port)
                .map(port -> new PortConfig(port.name(), port.mac(), port.mtu(), port.options()))
                .toList();
    }
}
