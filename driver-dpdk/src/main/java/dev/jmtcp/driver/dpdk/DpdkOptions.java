package dev.jmtcp.driver.dpdk;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.DriverOptions;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PortConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options of the DPDK driver, checked.
 *
 * @param mbufs packet buffers of each pool; 0 to choose
 * @param rxDescriptors wanted of each receive queue
 * @param txDescriptors wanted of each transmit queue
 * @param offload whether checksums are left to devices that make them
 * @param tso whether segmentation is, too
 * @param lro whether devices may coalesce received segments
 */
record DpdkOptions(
        EalSettings eal,
        int mbufs,
        int rxDescriptors,
        int txDescriptors,
        boolean offload,
        boolean tso,
        boolean lro,
        List<OfPort> ports) {

    /** RFC 791 section 3.2. */
    static final int MINIMUM_MTU = 68;

    /** What fits into a buffer with its headroom, Ethernet header and a VLAN tag. */
    static final int MAXIMUM_MTU = 65_000;

    private static final int FEWEST_MBUFS = 512;
    private static final int MOST_MBUFS = 1 << 22;
    private static final int FEWEST_DESCRIPTORS = 32;
    private static final int MOST_DESCRIPTORS = 1 << 15;

    static final List<DriverOption> DECLARED = declared();

    static final List<DriverOption> DECLARED_OF_PORTS = List.of(
            new DriverOption(
                    "device",
                    "",
                    "a PCI address like 0000:01:00.0, or a virtual device with its arguments: net_tap0,iface=tap0;"
                            + " for dpdk0, dpdk1, … if absent the network cards bound for DPDK, in turn",
                    "the device that the port is"),
            new DriverOption(
                    "promiscuous",
                    "on",
                    "on or off",
                    "whether the device takes frames for all stations, as with mTCP"));

    private static List<DriverOption> declared() {
        var options = new ArrayList<>(EalSettings.DECLARED);
        options.addAll(List.of(
                new DriverOption(
                        "mbufs",
                        "auto",
                        FEWEST_MBUFS + " to " + MOST_MBUFS + ", or auto for what queues and caches can hold",
                        "packet buffers of all ports and cores together"),
                new DriverOption(
                        "rx_descriptors",
                        "1024",
                        FEWEST_DESCRIPTORS + " to " + MOST_DESCRIPTORS,
                        "frames that a device holds for a core, on each of its ports; the nearest it can do"),
                new DriverOption(
                        "tx_descriptors",
                        "512",
                        FEWEST_DESCRIPTORS + " to " + MOST_DESCRIPTORS,
                        "frames on their way out that a device holds for a core, on each of its ports"),
                new DriverOption(
                        "offload",
                        "on",
                        "on or off",
                        "whether checksums are left to devices that can make and check them"),
                new DriverOption(
                        "tso",
                        "on",
                        "on or off",
                        "whether segmentation is left to devices that can do it; needs offload"),
                new DriverOption(
                        "lro",
                        "off",
                        "on or off",
                        "whether devices that can coalesce received segments do; buffers of 64 KiB are used then")));
        return List.copyOf(options);
    }

    private static final String NAMES = "names of one's choice, of letters, digits, dashes, dots: dpdk0";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern CARD = Pattern.compile("dpdk(\\d{1,3})");
    private static final Pattern VIRTUAL = Pattern.compile("[a-z][a-z0-9_]{0,62}(,[!-~]*)?");
    private static final String ALL = "all";

    /** The driver that needs buffers of a kind of their own. */
    private static final String XDP = "net_af_xdp";

    /**
     * What is asked for one port.
     *
     * @param device what DPDK is to probe: a PCI address or a virtual device, and arguments
     */
    record OfPort(PortConfig config, String device, boolean promiscuous) {

        String name() {
            return config.name();
        }

        /** What stands before the names of the port's options. */
        String prefix() {
            return prefixOf(config);
        }

        /** The device's name without its arguments. */
        String deviceName() {
            int comma = device.indexOf(',');
            return comma < 0 ? device : device.substring(0, comma);
        }

        boolean isPci() {
            return PciDevices.isAddress(deviceName());
        }

        /** Whether it is reached by sockets of XDP. */
        boolean isXdp() {
            return deviceName().startsWith(XDP);
        }
    }

    /** Whether each buffer for frames that come has to be a page, for a port of XDP. */
    boolean buffersArePages() {
        return ports.stream().anyMatch(OfPort::isXdp);
    }

    /** The descriptors wanted of each receive queue of a port: of sockets of XDP a power of two. */
    int rxDescriptorsOf(OfPort port) {
        return port.isXdp() ? Integer.highestOneBit(2 * rxDescriptors - 1) : rxDescriptors;
    }

    static DpdkOptions of(DriverConfig config) throws InvalidOptionException {
        return of(config, PciDevices.bound());
    }

    /** @param cards the addresses of the network cards that are bound for DPDK */
    static DpdkOptions of(DriverConfig config, List<String> cards) throws InvalidOptionException {
        var options = new DriverOptions("", DECLARED, config.options());
        var ports = new ArrayList<OfPort>();
        var names = new HashSet<String>();
        var devices = new HashSet<String>();
        for (PortConfig port : expand(config.ports(), cards)) {
            if (!NAME.matcher(port.name()).matches()) {
                throw new InvalidOptionException("port", "'" + port.name() + "' cannot name a port", NAMES);
            }
            if (!names.add(port.name())) {
                throw new InvalidOptionException("port", "'" + port.name() + "' is named twice", NAMES);
            }
            OfPort checked = port(port, cards);
            if (!devices.add(checked.deviceName())) {
                throw new InvalidOptionException(
                        checked.prefix() + "device",
                        checked.deviceName() + " is another port's too",
                        "a device of its own for each port");
            }
            ports.add(checked);
        }
        boolean offload = options.flag("offload");
        boolean lro = options.flag("lro");
        if (lro && ports.stream().anyMatch(OfPort::isXdp)) {
            throw new InvalidOptionException("lro", "buffers of " + XDP + " are pages", "off");
        }
        return new DpdkOptions(
                EalSettings.of(options),
                options.text("mbufs").equals("auto") ? 0 : (int) options.number("mbufs", FEWEST_MBUFS, MOST_MBUFS),
                (int) options.number("rx_descriptors", FEWEST_DESCRIPTORS, MOST_DESCRIPTORS),
                (int) options.number("tx_descriptors", FEWEST_DESCRIPTORS, MOST_DESCRIPTORS),
                offload,
                options.flag("tso") && offload,
                lro,
                List.copyOf(ports));
    }

    /** The ports, with those that {@code all} stands for. */
    private static List<PortConfig> expand(List<PortConfig> ports, List<String> cards) throws InvalidOptionException {
        if (ports.isEmpty()) {
            throw new InvalidOptionException("port", "no port is named", NAMES);
        }
        if (ports.stream().noneMatch(port -> port.name().equals(ALL))) {
            return ports;
        }
        if (ports.size() > 1) {
            throw new InvalidOptionException("port", "all, and others beside it", "all alone, or names");
        }
        if (cards.isEmpty()) {
            throw new InvalidOptionException(
                    "port",
                    "no network card is bound for DPDK",
                    "cards bound by dpdk-devbind.py --bind=vfio-pci ADDRESS, or names of ports with a device each");
        }
        PortConfig all = ports.getFirst();
        var expanded = new ArrayList<PortConfig>();
        for (int i = 0; i < cards.size(); i++) {
            expanded.add(new PortConfig("dpdk" + i, all.mac(), all.mtu(), all.options()));
        }
        return expanded;
    }

    private static OfPort port(PortConfig port, List<String> cards) throws InvalidOptionException {
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
        return new OfPort(port, device(port, options, cards), options.flag("promiscuous"));
    }

    private static String device(PortConfig port, DriverOptions options, List<String> cards)
            throws InvalidOptionException {
        String device = options.text("device");
        if (device.isEmpty()) {
            return card(port, cards);
        }
        int comma = device.indexOf(',');
        String name = comma < 0 ? device : device.substring(0, comma);
        if (!PciDevices.isAddress(name) && !VIRTUAL.matcher(device).matches()) {
            throw options.invalid("device");
        }
        return device;
    }

    /** The card that a port of mTCP's names stands for. */
    private static String card(PortConfig port, List<String> cards) throws InvalidOptionException {
        Matcher number = CARD.matcher(port.name());
        if (number.matches() && Integer.parseInt(number.group(1)) < cards.size()) {
            return cards.get(Integer.parseInt(number.group(1)));
        }
        throw new InvalidOptionException(
                prefixOf(port) + "device",
                "no device is given, and " + (cards.isEmpty() ? "no" : "only " + cards.size())
                        + " network cards are bound for DPDK",
                "a PCI address like 0000:01:00.0, or a virtual device: net_tap0,iface=tap0;"
                        + " dpdk-devbind.py --status lists cards");
    }

    static boolean isStation(MacAddress mac) {
        return !mac.isGroup() && mac.bits() != 0;
    }

    private static String prefixOf(PortConfig port) {
        return "port." + port.name() + ".";
    }
}
