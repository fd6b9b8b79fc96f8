package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.DriverOptions;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PortConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The options of the simulated driver, and what they say. */
final class SimOptions {

    private static final String PROBABILITY = "a probability: 0 to 1, or 0% to 100%";
    private static final String DURATION = "a duration up to 3600s: 0, 10us, 1.5ms, 2s";
    private static final long MAXIMUM_DURATION = 3_600_000_000_000L;
    private static final String AUTO = "auto";

    /** What the driver's options say for all ports, and a port's own for itself. */
    private static final List<DriverOption> SHARED = List.of(
            new DriverOption("wire", "default", "a name", "the wire within this process that ports join"),
            new DriverOption(
                    "file",
                    "",
                    "the name of a file",
                    "the wire between processes that ports join instead, in this file"),
            new DriverOption(
                    "replay",
                    "",
                    "a pcap or pcapng file",
                    "a file whose frames ports receive; such a port is on no wire"),
            new DriverOption(
                    "offload",
                    "none",
                    "none, checksum or all",
                    "what ports do for the stack: nothing, checksums, or also cut and coalesce TCP segments"),
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
            new DriverOption(
                    "places",
                    AUTO,
                    "2 to 64, or auto",
                    "how many queues of all ports the wire has room for; auto for 4 times those of whoever makes it, 8 at least"),
            new DriverOption("ring", "1024", "a power of two from 4 to 1048576", "frames between two queues"),
            new DriverOption(
                    "frames",
                    AUTO,
                    "64 to 16777216, or auto",
                    "frame slots of each queue; auto for what rings, bandwidth and delay need"),
            new DriverOption(
                    "mtu", "1500", "576 to 65535", "the largest MTU on the wire, and that of ports unless set"),
            new DriverOption(
                    "flow-control",
                    "on",
                    "on or off",
                    "whether a sender waits while a receiver's ring is full, up to 1s; off: frames are dropped"),
            new DriverOption(
                    "replay-timing",
                    "original",
                    "original, fast or virtual",
                    "when replayed frames arrive: as captured, at once, or as captured on a virtual clock that jumps to them"),
            new DriverOption(
                    "record", "", "the name of a .pcapng file", "a file in which the frames sent are recorded"),
            new DriverOption("seed", "1", "a whole number", "where chance and hardware addresses come from"));

    private static final List<DriverOption> ALL =
            Stream.concat(SHARED.stream(), OWN.stream()).toList();

    private static final List<DriverOption> OF_PORTS = SHARED.stream()
            .map(option -> new DriverOption(option.name(), "", option.accepted(), option.description()))
            .toList();

    private final DriverConfig config;
    private final DriverOptions options;

    /** Checks everything but the options of ports. */
    SimOptions(DriverConfig config) throws InvalidOptionException {
        this.config = config;
        options = new DriverOptions("", ALL, config.options());
        if (config.ports().isEmpty()) {
            throw new InvalidOptionException("port", "no port is named", "names of one's choice");
        }
        wire();
        recording();
        replayTiming();
    }

    static List<DriverOption> declared() {
        return ALL;
    }

    static List<DriverOption> declaredOfPorts() {
        return OF_PORTS;
    }

    /** How a wire is to be made, if there is none. */
    WireConfig wire() throws InvalidOptionException {
        long queues = (long) config.ports().size() * config.queues();
        int places = isAuto("places")
                ? Math.clamp(4 * queues, 8, WireConfig.MAXIMUM_PLACES)
                : (int) options.number("places", 2, WireConfig.MAXIMUM_PLACES);
        int frames = isAuto("frames") ? 0 : (int) options.number("frames", 64, 1 << 24);
        int ring = (int) options.number("ring", 4, 1 << 20);
        if (Integer.bitCount(ring) != 1) {
            throw options.invalid("ring");
        }
        int mtu = (int) options.number("mtu", WireConfig.MINIMUM_MTU, WireConfig.MAXIMUM_MTU);
        long seed = options.number("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        return new WireConfig(
                places,
                ring,
                frames,
                mtu,
                seed,
                impairments(options),
                options.flag("flow-control"),
                offloading(options));
    }

    /**
     * Refuses a wire that is there already and not as these options ask.
     *
     * @param name what it is called
     */
    void checkSame(String name, Layout there) throws InvalidOptionException {
        WireConfig wanted = wire();
        checkSame(name, "ring", wanted.ring(), there.ring);
        checkSame(name, "frames", wanted.frames(), there.frames);
        checkSame(name, "places", wanted.places(), there.places);
    }

    private void checkSame(String name, String option, int wanted, int there) throws InvalidOptionException {
        if (options.has(option) && !isAuto(option) && wanted != there) {
            throw new InvalidOptionException(
                    option,
                    "bad value '" + wanted + "' for the wire " + name + ", which is there already",
                    there + ", or nothing");
        }
    }

    /** The most queues that a port can have. */
    int maxQueues() throws InvalidOptionException {
        return isAuto("places") ? WireConfig.MAXIMUM_PLACES : wire().places();
    }

    ReplayTiming replayTiming() throws InvalidOptionException {
        return switch (options.text("replay-timing")) {
            case "original" -> ReplayTiming.ORIGINAL;
            case "fast" -> ReplayTiming.FAST;
            case "virtual" -> {
                if (!(config.clock() instanceof VirtualClock) || config.queues() != 1) {
                    throw new InvalidOptionException(
                            "replay-timing", "'virtual' needs a virtual clock and one core", "original or fast");
                }
                yield ReplayTiming.VIRTUAL;
            }
            default -> throw options.invalid("replay-timing");
        };
    }

    /** The file to record in, if any. */
    Optional<Path> recording() throws InvalidOptionException {
        Optional<Path> file = path(options, "record");
        if (file.isPresent() && !options.text("record").endsWith(".pcapng")) {
            throw options.invalid("record");
        }
        return file;
    }

    /**
     * What the options say of one port.
     *
     * @param file the file that the wire is in, if it is between processes
     * @param replay the file it receives from, if it does
     * @param replayOption the option that names that file
     */
    record OfPort(
            String wire,
            Optional<Path> file,
            Optional<Path> replay,
            String replayOption,
            Offloading offloading,
            Impairments impairments) {}

    /** What a port's own options say, and the driver's where those say nothing. */
    OfPort port(PortConfig port) throws InvalidOptionException {
        String prefix = "port." + port.name() + ".";
        var own = new DriverOptions(prefix, OF_PORTS, port.options());
        Map<String, String> merged = new HashMap<>(config.options());
        merged.keySet().retainAll(SHARED.stream().map(DriverOption::name).toList());
        merged.putAll(port.options());
        var both = new DriverOptions(prefix, SHARED, merged);
        return new OfPort(
                both.text("wire"),
                path(both, "file"),
                path(both, "replay"),
                own.has("replay") ? prefix + "replay" : "replay",
                offloading(both),
                impairments(both));
    }

    private boolean isAuto(String option) {
        return options.text(option).equals(AUTO);
    }

    private static Offloading offloading(DriverOptions options) throws InvalidOptionException {
        return switch (options.text("offload")) {
            case "none" -> Offloading.NONE;
            case "checksum" -> Offloading.CHECKSUM;
            case "all" -> Offloading.ALL;
            default -> throw options.invalid("offload");
        };
    }

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

    private static Optional<Path> path(DriverOptions options, String name) throws InvalidOptionException {
        String text = options.text(name);
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            InvalidOptionException invalid = options.invalid(name);
            invalid.initCause(e);
            throw invalid;
        }
    }
}
