package dev.jmtcp.spi.tck;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PortConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** Driver configs that differ from a given one in one thing. */
final class Configs {

    private Configs() {}

    static DriverConfig withOptions(DriverConfig config, Map<String, String> options) {
        return new DriverConfig(config.queues(), config.ports(), options, config.rssKey(), config.clock());
    }

    static DriverConfig withOption(DriverConfig config, String name, String value) {
        return withOptions(config, with(config.options(), name, value));
    }

    static DriverConfig withPortOption(DriverConfig config, String name, String value) {
        return withPorts(config, port -> withOptions(port, with(port.options(), name, value)));
    }

    static DriverConfig withQueues(DriverConfig config, int queues) {
        return new DriverConfig(queues, config.ports(), config.options(), config.rssKey(), config.clock());
    }

    static DriverConfig withoutPorts(DriverConfig config) {
        return new DriverConfig(config.queues(), List.of(), config.options(), config.rssKey(), config.clock());
    }

    static DriverConfig withPorts(DriverConfig config, UnaryOperator<PortConfig> change) {
        return new DriverConfig(
                config.queues(),
                config.ports().stream().map(change).toList(),
                config.options(),
                config.rssKey(),
                config.clock());
    }

    static PortConfig withOptions(PortConfig port, Map<String, String> options) {
        return new PortConfig(port.name(), port.mac(), port.mtu(), options);
    }

    static PortConfig withMtu(PortConfig port, int mtu) {
        return new PortConfig(port.name(), port.mac(), OptionalInt.of(mtu), port.options());
    }

    static PortConfig withMac(PortConfig port, MacAddress mac) {
        return new PortConfig(port.name(), Optional.of(mac), port.mtu(), port.options());
    }

    /** Locally administered, different for different names. */
    static MacAddress macFor(String name) {
        return new MacAddress(0x02_5e_00_00_00_00L | name.hashCode() & 0xffff_ffffL);
    }

    /** The options given, and all others written out with the values they have anyway. */
    static Map<String, String> writtenOut(List<DriverOption> options, Map<String, String> given) {
        var all = new HashMap<String, String>();
        for (DriverOption option : options) {
            if (!option.defaultValue().isEmpty()) {
                all.put(option.name(), option.defaultValue());
            }
        }
        all.putAll(given);
        return all;
    }

    private static Map<String, String> with(Map<String, String> options, String name, String value) {
        var all = new HashMap<>(options);
        all.put(name, value);
        return all;
    }
}
