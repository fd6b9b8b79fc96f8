package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PortConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Opens the ports of a configuration: all of them, or none. */
final class Opening {

    /** What a port is called where the configuration says {@code all}. */
    private static final String ONLY_PORT = "sim0";

    /** Before the names of files, to tell them from those of wires. */
    private static final String FILE_PREFIX = "file ";

    private final DriverConfig config;
    private final SimOptions options;
    private final WireConfig wanted;
    private final List<PortConfig> ports = new ArrayList<>();
    private final List<SimOptions.OfPort> said = new ArrayList<>();
    private final List<SimPort> opened = new ArrayList<>();
    private final List<String> joined = new ArrayList<>();
    private @Nullable Recorder recorder;

    /** Reads the configuration; opens nothing. */
    Opening(DriverConfig config) throws InvalidOptionException {
        this.config = config;
        options = new SimOptions(config);
        wanted = options.wire();
        for (PortConfig port : config.ports()) {
            said.add(options.port(port));
            String name = port.name().equals("all") ? ONLY_PORT : port.name();
            ports.add(new PortConfig(name, port.mac(), OptionalInt.of(mtu(port)), port.options()));
        }
    }

    SimPacketIo open() throws PacketIoException {
        if (config.queues() > options.maxQueues()) {
            throw new PacketIoException("a wire has " + options.maxQueues()
                    + " places for queues at most, and each port needs " + config.queues()
                    + "; run fewer cores, or raise pcap-sim.places, which can be " + WireConfig.MAXIMUM_PLACES);
        }
        try {
            record();
            for (int index = 0; index < ports.size(); index++) {
                opened.add(open(index));
            }
            VirtualClock jumping =
                    options.replayTiming() == ReplayTiming.VIRTUAL ? (VirtualClock) config.clock() : null;
            return new SimPacketIo(config, opened, this::release, jumping);
        } catch (PacketIoException | RuntimeException e) {
            opened.forEach(port -> port.leave().run());
            release();
            throw e;
        }
    }

    private SimPort open(int index) throws PacketIoException {
        PortConfig port = ports.get(index);
        SimOptions.OfPort how = said.get(index);
        var setup = new PortSetup(wanted.seed(), how.impairments(), wanted.flowControl(), how.offloading(), recorder);
        if (how.replay().isPresent()) {
            return new ReplayPort(how.replay().get(), how.replayOption(), options.replayTiming())
                    .open(port, wanted.ring(), index, config, setup);
        }
        Wire wire = join(how);
        return wire.attach(port, index, config, setup, options.maxQueues());
    }

    private Wire join(SimOptions.OfPort how) throws PacketIoException {
        WireConfig made = wanted.withMtu(largestMtu()).withImpairments(mostUnderWay());
        Path file = how.file().orElse(null);
        String name =
                file == null ? how.wire() : FILE_PREFIX + file.toAbsolutePath().normalize();
        Wire wire = SharedWires.join(name, () -> file == null ? Wire.create(made) : Wire.ofFile(file, made));
        joined.add(name);
        options.checkSame(name, wire.layout());
        return wire;
    }

    private void record() throws PacketIoException {
        Optional<Path> file = options.recording();
        if (file.isPresent()) {
            try {
                recorder = new Recorder(
                        file.get(), ports.stream().map(PortConfig::name).toList(), config.clock());
            } catch (IOException e) {
                var invalid = new InvalidOptionException(
                        "record", "cannot write " + file.get() + " (" + e + ")", "the name of a .pcapng file");
                invalid.initCause(e);
                throw invalid;
            }
        }
    }

    private void release() {
        joined.forEach(SharedWires::release);
        joined.clear();
        if (recorder != null) {
            recorder.close();
        }
    }

    private int mtu(PortConfig port) throws InvalidOptionException {
        int mtu = port.mtu().orElse(wanted.mtu());
        if (mtu < WireConfig.MINIMUM_MTU || mtu > WireConfig.MAXIMUM_MTU) {
            throw new InvalidOptionException(
                    "port." + port.name() + ".mtu",
                    "bad value '" + mtu + "'",
                    WireConfig.MINIMUM_MTU + " to " + WireConfig.MAXIMUM_MTU);
        }
        return mtu;
    }

    /** The impairments of the port that has most frames under way, for which a wire that is made needs room. */
    private Impairments mostUnderWay() {
        return said.stream()
                .map(SimOptions.OfPort::impairments)
                .max(Comparator.comparingInt(impairments -> impairments.framesUnderWay(wanted.mtu())))
                .orElseThrow();
    }

    /** The MTU of a wire that is made for these ports. */
    private int largestMtu() {
        return ports.stream().mapToInt(port -> port.mtu().orElseThrow()).reduce(wanted.mtu(), Math::max);
    }
}
