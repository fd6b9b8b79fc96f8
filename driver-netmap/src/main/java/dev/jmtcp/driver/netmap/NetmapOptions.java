package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.DriverOptions;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PortConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * The options of the netmap driver, checked.
 *
 * @param slots how many slots the rings of VALE ports and pipes are to have; 0 for netmap's own number
 */
record NetmapOptions(int slots, List<OfPort> ports) {

    /** RFC 791 section 3.2. */
    static final int MINIMUM_MTU = 68;

    /** The longest frame's payload, without VLAN tags. */
    static final int MAXIMUM_MTU = 65_535;

    /** As on Ethernet: RFC 894. */
    static final int DEFAULT_MTU = 1500;

    static final List<DriverOption> DECLARED = List.of(new DriverOption(
            "slots",
            "1024",
            "16 to 4096",
            "how many frames a ring of a VALE port or pipe holds, if this opens it first; those of cards: ethtool -G"));

    /** What is asked for one port. */
    record OfPort(PortConfig config, PortName name) {

        /** What stands before the names of the port's options. */
        String prefix() {
            return "port." + config.name() + ".";
        }
    }

    static NetmapOptions of(DriverConfig config) throws InvalidOptionException {
        int slots = (int) new DriverOptions("", DECLARED, config.options()).number("slots", 16, 4096);
        if (config.ports().isEmpty()) {
            throw new InvalidOptionException("port", "no port is named", PortName.ACCEPTED);
        }
        var names = new HashSet<PortName>();
        var ports = new ArrayList<OfPort>();
        for (PortConfig port : config.ports()) {
            var asked = new OfPort(port, name(port));
            if (!names.add(asked.name())) {
                throw new InvalidOptionException("port", "'" + port.name() + "' is named twice", PortName.ACCEPTED);
            }
            check(asked);
            ports.add(asked);
        }
        return new NetmapOptions(slots, ports);
    }

    private static PortName name(PortConfig port) throws InvalidOptionException {
        try {
            return PortName.parse(port.name());
        } catch (IllegalArgumentException _) {
            throw new InvalidOptionException(
                    "port", "'" + port.name() + "' cannot name a netmap port", PortName.ACCEPTED);
        }
    }

    private static void check(OfPort port) throws InvalidOptionException {
        var _ = new DriverOptions(port.prefix(), List.of(), port.config().options());
        if (port.config().mac().isPresent()
                && (port.config().mac().get().isGroup()
                        || port.config().mac().get().bits() == 0)) {
            throw new InvalidOptionException(
                    port.prefix() + "mac",
                    port.config().mac().get() + " is not the address of one station",
                    "the hardware address of one station: 02:00:00:00:00:01");
        }
        if (port.config().mtu().isPresent()) {
            int mtu = port.config().mtu().getAsInt();
            if (mtu < MINIMUM_MTU || mtu > MAXIMUM_MTU) {
                throw new InvalidOptionException(
                        port.prefix() + "mtu", "bad value '" + mtu + "'", MINIMUM_MTU + " to " + MAXIMUM_MTU);
            }
        }
    }
}
