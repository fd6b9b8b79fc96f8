package dev.jmtcp.core.driver;

import dev.jmtcp.core.config.ConfigException;
import dev.jmtcp.core.config.ConfigKey;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.config.Nearest;
import dev.jmtcp.core.config.PortSettings;
import dev.jmtcp.core.config.Setting;
import dev.jmtcp.spi.DriverOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks the keys with a dot, which only the drivers know: {@code <driver>.<option>} and {@code port.<name>.<option>}. */
final class OptionCheck {

    /** A configuration may speak of these where they are not installed. */
    private static final Set<String> KNOWN = Set.of("dpdk", "netmap", "psio", "onvm", "tap", "pcap-sim");

    /** What else stands before a dot. */
    private static final Set<String> NO_DRIVERS = Set.of("port", "fault");

    private OptionCheck() {}

    static void check(JmtcpConfig config, DriverRegistry registry) {
        for (Setting setting : config.settings()) {
            int dot = setting.key().indexOf('.');
            if (dot >= 0 && !NO_DRIVERS.contains(setting.key().substring(0, dot))) {
                checkOption(setting, setting.key().substring(0, dot), registry);
            }
        }
        List<DriverOption> portOptions = registry.select(config).provider().portOptions();
        for (Map.Entry<String, PortSettings> port : config.portSettings().entrySet()) {
            for (String option : port.getValue().options().keySet()) {
                if (portOptions.stream().noneMatch(declared -> declared.name().equals(option))) {
                    String key = "port." + port.getKey() + "." + option;
                    Setting setting = config.setting(key).orElse(new Setting(key, "", "", 0));
                    throw ConfigException.of(setting, "unknown key", expectedOfPort(key, port.getKey(), portOptions));
                }
            }
        }
    }

    private static void checkOption(Setting setting, String name, DriverRegistry registry) {
        Optional<Driver> driver = registry.driver(name);
        if (driver.isPresent()) {
            List<String> keys = driver.get().provider().options().stream()
                    .map(option -> name + "." + option.name())
                    .toList();
            if (!keys.contains(setting.key())) {
                throw ConfigException.of(setting, "unknown key", Nearest.oneOf(setting.key(), keys));
            }
        } else if (!KNOWN.contains(name)
                && registry.drivers().stream().noneMatch(found -> found.name().equals(name))) {
            throw ConfigException.of(
                    setting,
                    "unknown key, there is no driver '" + name + "'",
                    Nearest.oneOf(
                            name,
                            registry.drivers().stream()
                                    .map(Driver::name)
                                    .distinct()
                                    .toList()));
        }
    }

    private static String expectedOfPort(String key, String port, List<DriverOption> portOptions) {
        List<String> keys = new ArrayList<>();
        for (ConfigKey known : ConfigKey.all()) {
            if (known.group() == ConfigKey.Group.PORT) {
                keys.add("port." + port + "." + known.name());
            }
        }
        portOptions.forEach(option -> keys.add("port." + port + "." + option.name()));
        return Nearest.oneOf(key, keys);
    }
}
