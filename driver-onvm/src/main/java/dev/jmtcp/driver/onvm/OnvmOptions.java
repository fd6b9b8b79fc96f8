package dev.jmtcp.driver.onvm;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.DriverOptions;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PortConfig;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options of the openNetVM driver, checked.
 *
 * @param service the service that this network function is of
 * @param instance the instance id that the first core asks for, the others those that follow; empty for whichever the manager gives
 * @param destination the service that all frames go to; empty for out of their ports
 * @param cpus the CPUs to ask the manager for, one for each core; empty for its choice
 * @param shareCores whether others may run on the same CPUs
 * @param ports the ports asked for; a single one named {@code all} for all the manager has
 */
record OnvmOptions(
        int service,
        OptionalInt instance,
        OptionalInt destination,
        List<Integer> cpus,
        boolean shareCores,
        EalSettings eal,
        List<OfPort> ports) {

    static final String ALL = "all";

    /** RFC 791 section 3.2. */
    static final int MINIMUM_MTU = 68;

    static final int MAXIMUM_MTU = 65_000;

    private static final int MOST_SERVICE = OnvmLayout.SERVICES_MAX - 1;
    private static final int MOST_INSTANCE = OnvmLayout.INSTANCES - 1;

    static final List<DriverOption> DECLARED = declared();

    static final List<DriverOption> DECLARED_OF_PORTS = List.of(new DriverOption(
            "number",
            "",
            "0 to " + (OnvmLayout.PORTS_MAX - 1)
                    + "; if absent the number that the port's name ends with, or else its place",
            "which of the manager's ports it is"));

    private static final String NAMES = "names of letters, digits, dashes, dots: dpdk0; or all";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern NUMBERED = Pattern.compile("(?:.*\\D)?(\\d{1,2})");
    private static final Pattern MASK = Pattern.compile("(?:0[xX])?([0-9a-fA-F]{1,64})");

    /**
     * What is asked for one port.
     *
     * @param number which of the manager's ports it is
     */
    record OfPort(PortConfig config, int number) {

        String name() {
            return config.name();
        }

        InvalidOptionException refused(String option, String problem, String accepted) {
            return new InvalidOptionException("port." + name() + "." + option, problem, accepted);
        }
    }

    private static List<DriverOption> declared() {
        var options = new ArrayList<DriverOption>(List.of(
                new DriverOption(
                        "onvm_serv",
                        "",
                        "1 to " + MOST_SERVICE + "; has to be given",
                        "the service that this network function is of: mTCP's key"),
                new DriverOption(
                        "onvm_inst",
                        "",
                        "1 to " + MOST_INSTANCE + "; none for whichever the manager gives",
                        "the instance id of the first core, the others have those that follow: mTCP's key"),
                new DriverOption(
                        "onvm_dest",
                        "",
                        "1 to " + MOST_SERVICE + "; none for out of the port",
                        "the service that all frames go to: mTCP's key"),
                new DriverOption(
                        "core_mask",
                        "",
                        "a mask of CPUs in hexadecimal, of those the manager gives to network functions; none for its choice",
                        "the CPUs to ask the manager for, one for each core: mTCP's key"),
                new DriverOption(
                        "share_cores",
                        "off",
                        "on or off",
                        "whether other network functions that share may run on the same CPUs")));
        options.addAll(EalSettings.DECLARED);
        return List.copyOf(options);
    }

    static OnvmOptions of(DriverConfig config) throws InvalidOptionException {
        var options = new DriverOptions("", DECLARED, config.options());
        if (!options.has("onvm_serv")) {
            throw new InvalidOptionException("onvm_serv", "is missing", "1 to " + MOST_SERVICE);
        }
        int service = (int) options.number("onvm_serv", 1, MOST_SERVICE);
        OptionalInt instance = optional(options, "onvm_inst", MOST_INSTANCE);
        if (instance.isPresent() && instance.getAsInt() + config.queues() - 1 > MOST_INSTANCE) {
            throw options.invalid("onvm_inst");
        }
        return new OnvmOptions(
                service,
                instance,
                optional(options, "onvm_dest", MOST_SERVICE),
                cpus(options, config.queues()),
                options.flag("share_cores"),
                EalSettings.of(options),
                ports(config.ports()));
    }

    private static OptionalInt optional(DriverOptions options, String name, int most) throws InvalidOptionException {
        return options.has(name) ? OptionalInt.of((int) options.number(name, 1, most)) : OptionalInt.empty();
    }

    private static List<Integer> cpus(DriverOptions options, int cores) throws InvalidOptionException {
        if (!options.has("core_mask")) {
            return List.of();
        }
        Matcher mask = MASK.matcher(options.text("core_mask"));
        if (!mask.matches()) {
            throw options.invalid("core_mask");
        }
        var bits = new BigInteger(mask.group(1), 16);
        if (bits.bitCount() < cores) {
            throw new InvalidOptionException(
                    "core_mask", "names " + bits.bitCount() + " CPUs for " + cores + " cores", "as many, or more");
        }
        var cpus = new ArrayList<Integer>();
        for (int cpu = 0; cpus.size() < cores; cpu++) {
            if (bits.testBit(cpu)) {
                cpus.add(cpu);
            }
        }
        return List.copyOf(cpus);
    }

    private static List<OfPort> ports(List<PortConfig> configs) throws InvalidOptionException {
        var ports = new ArrayList<OfPort>();
        var names = new HashSet<String>();
        var numbers = new HashSet<Integer>();
        for (PortConfig config : configs) {
            if (!NAME.matcher(config.name()).matches() || !names.add(config.name())) {
                throw new InvalidOptionException("port", "'" + config.name() + "' cannot name a port, or twice", NAMES);
            }
            if (config.name().equals(ALL) && configs.size() > 1) {
                throw new InvalidOptionException("port", "'all' is all there are", "all, or names");
            }
            var port = new OfPort(config, number(config, ports.size()));
            check(port);
            if (!numbers.add(port.number())) {
                throw port.refused(
                        "number", "port " + port.number() + " of the manager is another's too", "one for each port");
            }
            ports.add(port);
        }
        if (ports.isEmpty()) {
            throw new InvalidOptionException("port", "no port is named", NAMES);
        }
        return List.copyOf(ports);
    }

    private static int number(PortConfig config, int place) throws InvalidOptionException {
        var options = new DriverOptions("port." + config.name() + ".", DECLARED_OF_PORTS, config.options());
        int most = OnvmLayout.PORTS_MAX - 1;
        if (options.has("number")) {
            return (int) options.number("number", 0, most);
        }
        Matcher numbered = NUMBERED.matcher(config.name());
        return numbered.matches() && Integer.parseInt(numbered.group(1)) <= most
                ? Integer.parseInt(numbered.group(1))
                : place;
    }

    private static void check(OfPort port) throws InvalidOptionException {
        if (port.config().mac().isPresent() && !isStation(port.config().mac().get())) {
            throw port.refused(
                    "mac", "is no address of a station", "a hardware address without the group bit, not zero");
        }
        OptionalInt mtu = port.config().mtu();
        if (mtu.isPresent() && (mtu.getAsInt() < MINIMUM_MTU || mtu.getAsInt() > MAXIMUM_MTU)) {
            throw port.refused(
                    "mtu", "bad value " + mtu.getAsInt(), MINIMUM_MTU + " to what fits into a buffer of the manager");
        }
    }

    static boolean isStation(MacAddress mac) {
        return !mac.isGroup() && mac.bits() != 0;
    }
}
