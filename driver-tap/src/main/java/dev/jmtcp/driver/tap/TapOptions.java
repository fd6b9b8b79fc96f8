package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.DriverOptions;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PortConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The options of the TAP driver, checked.
 *
 * @param offload whether checksums and segmentation are left to the kernel
 * @param persistent whether interfaces stay when the driver is closed
 * @param queueLength the frames that wait for the stack on each queue; empty for a new interface's {@link #QUEUE_LENGTH} or an old one's own
 */
record TapOptions(boolean offload, boolean persistent, OptionalInt queueLength, List<OfPort> ports) {

    /** What a new interface gets: the kernel's own 500 is less than a window of a megabyte needs. */
    static final int QUEUE_LENGTH = 1000;

    /** linux/netdevice.h: 65535 bytes less an Ethernet header. */
    static final int MAXIMUM_MTU = 65_521;

    /** RFC 791 section 3.2. */
    static final int MINIMUM_MTU = 68;

    static final List<DriverOption> DECLARED = List.of(
            new DriverOption(
                    "offload",
                    "on",
                    "on or off",
                    "whether checksums, segmentation and coalescing are left to the kernel"),
            new DriverOption(
                    "persistent",
                    "off",
                    "on or off",
                    "whether interfaces stay when the program ends; those it found do"),
            new DriverOption(
                    "queue_length",
                    "",
                    "1 to 65536 frames; if absent 1000 for a new interface",
                    "how many frames wait for a core, on each of its ports; the kernel drops more"));

    static final List<DriverOption> DECLARED_OF_PORTS = List.of(
            new DriverOption(
                    "kernel_address",
                    "",
                    "an IPv4 address of a host with its prefix length: 10.9.0.1/24",
                    "the address of the kernel's side"),
            new DriverOption(
                    "kernel_mac",
                    "",
                    "the hardware address of one station: 02:00:00:00:00:02",
                    "the hardware address of the kernel's side, which is not the port's own"));

    private static final String NAMES = "names of one's choice, of at most 15 letters, digits, dashes, dots: tap0";
    private static final Pattern NAME = Pattern.compile("(?!all$|\\.{1,2}$)[A-Za-z0-9_.-]{1,15}");

    /**
     * What is asked for one port.
     *
     * @param kernelMac the hardware address of the kernel's side; empty for the one it has
     */
    record OfPort(PortConfig config, Optional<KernelAddress> kernelAddress, Optional<MacAddress> kernelMac) {

        String name() {
            return config.name();
        }

        /** What stands before the names of the port's options. */
        String prefix() {
            return prefixOf(config);
        }
    }

    static TapOptions of(DriverConfig config) throws InvalidOptionException {
        var options = new DriverOptions("", DECLARED, config.options());
        boolean offload = options.flag("offload");
        boolean persistent = options.flag("persistent");
        OptionalInt queueLength = options.text("queue_length").isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of((int) options.number("queue_length", 1, 65_536));
        if (config.ports().isEmpty()) {
            throw new InvalidOptionException("port", "no port is named", NAMES);
        }
        var names = new HashSet<String>();
        var ports = new ArrayList<OfPort>();
        for (PortConfig port : config.ports()) {
            if (!NAME.matcher(port.name()).matches()) {
                throw new InvalidOptionException("port", "'" + port.name() + "' cannot name an interface", NAMES);
            }
            if (!names.add(port.name())) {
                throw new InvalidOptionException("port", "'" + port.name() + "' is named twice", NAMES);
            }
            ports.add(port(port));
        }
        return new TapOptions(offload, persistent, queueLength, ports);
    }

    private static OfPort port(PortConfig port) throws InvalidOptionException {
        var options = new DriverOptions(prefixOf(port), DECLARED_OF_PORTS, port.options());
        if (port.mac().isPresent() && !isStation(port.mac().get())) {
            throw new InvalidOptionException(
                    prefixOf(port) + "mac",
                    port.mac().get() + " is not the address of one station",
                    "the hardware address of one station: 02:00:00:00:00:01");
        }
        if (port.mtu().isPresent()
                && (port.mtu().getAsInt() < MINIMUM_MTU || port.mtu().getAsInt() > MAXIMUM_MTU)) {
            throw new InvalidOptionException(
                    prefixOf(port) + "mtu",
                    "bad value '" + port.mtu().getAsInt() + "'",
                    MINIMUM_MTU + " to " + MAXIMUM_MTU);
        }
        return new OfPort(port, kernelAddress(options), kernelMac(options, port));
    }

    private static Optional<KernelAddress> kernelAddress(DriverOptions options) throws InvalidOptionException {
        String text = options.text("kernel_address");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(KernelAddress.parse(text));
        } catch (IllegalArgumentException _) {
            throw options.invalid("kernel_address");
        }
    }

    private static Optional<MacAddress> kernelMac(DriverOptions options, PortConfig port)
            throws InvalidOptionException {
        String text = options.text("kernel_mac");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            var mac = MacAddress.parse(text);
            if (isStation(mac) && !port.mac().equals(Optional.of(mac))) {
                return Optional.of(mac);
            }
        } catch (IllegalArgumentException _) {
            // falls through to the error that says what is accepted
        }
        throw options.invalid("kernel_mac");
    }

    private static boolean isStation(MacAddress mac) {
        return !mac.isGroup() && mac.bits() != 0;
    }

    private static String prefixOf(PortConfig port) {
        return "port." + port.name() + ".";
    }
}
