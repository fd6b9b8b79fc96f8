package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.DriverOptions;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PortConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The options of the simulated driver, and what they say. */
final class SimOptions {

    private static final String PROBABILITY = "a probability: 0 to 1, or 0% to 100%";
    private static final String DURATION = "a duration up to 3600s: 0, 10us, 1.5ms, 2s";
    private static final long MAXIMUM_DURATION = 3_600_000_000_000L;

    private static final DriverOption WIRE =
            new DriverOption("wire", "default", "a name", "the wire within this process that ports join");

    private static final List<DriverOption> IMPAIRMENTS = List.of(
            new DriverOption("delay", "0", DURATION, "how long frames sent are under way"),
            new DriverOption(
                    "jitter", "0", DURATION, "the most that a frame takes longer; none overtakes another by it"),
            new DriverOption(
                    "bandwidth",
                    "0",
                    "bits a second up to 1000000g: 10g, 100mbit, 9600; 0 for no limit",
                    "how fast frames leave, preamble, FCS and gap included"),
            new DriverOption(
                    "queue", "1000", "1 to 1000000 frames", "how many frames wait for the bandwidth; more are lost"),
            new DriverOption("loss", "0", PROBABILITY, "how likely a frame is lost"),
            new DriverOption("duplicate", "0", PROBABILITY, "how likely a frame arrives twice"),
            new DriverOption("reorder", "0", PROBABILITY, "how likely a frame is held back while others pass"),
            new DriverOption("reorder-delay", "1ms", DURATION, "how long such a frame is held back"),
            new DriverOption("corrupt", "0", PROBABILITY, "how likely a bit of a frame is flipped"));

    private static final List<DriverOption> OWN = List.of(
            WIRE,
            new DriverOption(
                    "places",
                    "auto",
                    "2 to 64, or auto",
                    "how many queues of all ports the wire has room for; auto for 4 times those of whoever makes it, 8 at least"),
            new DriverOption("ring", "1024", "a power of two from 4 to 1048576", "frames between two queues"),
            new DriverOption(
                    "frames",
                    "auto",
                    "64 to 16777216, or auto",
                    "frame slots of each queue; auto for what rings, bandwidth and delay need"),
            new DriverOption(
                    "mtu", "1500", "576 to 65535", "the largest MTU on the wire, and that of ports unless set"),
            new DriverOption(
                    "flow-control",
                    "on",
                    "on or off",
                    "whether a sender waits while a receiver's ring is full, up to 1s; off: frames are dropped"),
            new DriverOption("seed", "1", "a whole number", "where chance and hardware addresses come from"));

    private static final List<DriverOption> ALL =
            Stream.concat(OWN.stream(), IMPAIRMENTS.stream()).toList();

    private static final List<DriverOption> OF_PORTS = Stream.concat(
                    Stream.of(ofPort(WIRE)), IMPAIRMENTS.stream().map(SimOptions::ofPort))
            .toList();

    private final Map<String, String> given;
    private final DriverOptions options;

    SimOptions(DriverConfig config) throws InvalidOptionException {
        given = config.options();
        options = new DriverOptions("", ALL, given);
        if (config.ports().isEmpty()) {
            throw new InvalidOptionException("port", "no port is named", "names of one's choice");
        }
        impairments(options);
        wire(1);
    }

    static List<DriverOption> declared() {
        return ALL;
    }

    static List<DriverOption> declaredOfPorts() {
        return OF_PORTS;
    }

    private static DriverOption ofPort(DriverOption option) {
        return new DriverOption(option.name(), "", option.accepted(), option.description());
    }

    boolean has(String option) {
        return options.has(option);
    }

    /** Whether an option is left to the driver. */
    boolean isAuto(String option) {
        return options.text(option).equals("auto");
    }

    long seed() throws InvalidOptionException {
        return options.number("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    }

    boolean flowControl() throws InvalidOptionException {
        return options.flag("flow-control");
    }

    /**
     * How a wire is to be made.
     *
     * @param queues the queues of all ports of whoever makes it
     */
    WireConfig wire(int queues) throws InvalidOptionException {
        int places = isAuto("places")
                ? Math.clamp(4L * queues, 8, WireConfig.MAXIMUM_PLACES)
                : (int) options.number("places", 2, WireConfig.MAXIMUM_PLACES);
        int frames = isAuto("frames") ? 0 : (int) options.number("frames", 64, 1 << 24);
        int ring = (int) options.number("ring", 4, 1 << 20);
        if (Integer.bitCount(ring) != 1) {
            throw options.invalid("ring");
        }
        int mtu = (int) options.number("mtu", WireConfig.MINIMUM_MTU, WireConfig.MAXIMUM_MTU);
        return new WireConfig(places, ring, frames, mtu, seed(), impairments(options), flowControl());
    }

    /** The most queues that a port can have. */
    int maxQueues() throws InvalidOptionException {
        return isAuto("places") ? WireConfig.MAXIMUM_PLACES : wire(1).places();
    }

    /** The options of a port; what it does not say is as the driver's options say. */
    OfPort port(PortConfig port) throws InvalidOptionException {
        String prefix = "port." + port.name() + ".";
        // Checks that the port's own options are known, and complains of them by their own names.
        var own = new DriverOptions(prefix, OF_PORTS, port.options());
        Map<String, String> merged = new HashMap<>(given);
        merged.keySet().retainAll(OF_PORTS.stream().map(DriverOption::name).toList());
        merged.putAll(port.options());
        var all = new DriverOptions(
                prefix, Stream.concat(Stream.of(WIRE), IMPAIRMENTS.stream()).toList(), merged);
        return new OfPort(own, all.text("wire"), impairments(all));
    }

    /** What the options say of one port. */
    record OfPort(DriverOptions own, String wire, Impairments impairments) {}

    private static Impairments impairments(DriverOptions options) throws InvalidOptionException {
        double bandwidth = options.rate("bandwidth");
        if (bandwidth > Impairments.MAXIMUM_BANDWIDTH) {
            throw options.invalid("bandwidth");
        }
        return new Impairments(
                duration(options, "delay"),
                duration(options, "jitter"),
                bandwidth,
                (int) options.number("queue", 1, 1_000_000),
                options.probability("loss"),
                options.probability("duplicate"),
                options.probability("reorder"),
                duration(options, "reorder-delay"),
                options.probability("corrupt"));
    }

    private static long duration(DriverOptions options, String name) throws InvalidOptionException {
        long nanos = options.duration(name);
        if (nanos > MAXIMUM_DURATION) {
            throw options.invalid(name);
        }
        return nanos;
    }
}
