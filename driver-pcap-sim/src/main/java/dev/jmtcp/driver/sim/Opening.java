package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PortConfig;
import java.util.ArrayList;
import java.util.List;

/** Opens the ports of a configuration: all of them, or none. */
final class Opening {

    /** What a port is called where the configuration says {@code all}. */
    private static final String ONLY_PORT = "sim0";

    private final DriverConfig config;
    private final SimOptions options;
    private final List<PortConfig> ports;
    private final List<SimPort> opened = new ArrayList<>();
    private final List<String> joined = new ArrayList<>();

    Opening(DriverConfig config) throws InvalidOptionException {
        this.config = config;
        options = new SimOptions(config);
        ports = config.ports().stream()
                .map(port -> port.name().equals("all")
                        ? new PortConfig(ONLY_PORT, port.mac(), port.mtu(), port.options())
                        : port)
                .toList();
    }

    SimPacketIo open() throws PacketIoException {
        var said = new ArrayList<SimOptions.OfPort>();
        for (PortConfig port : ports) {
            said.add(options.port(port));
        }
        try {
            for (int i = 0; i < ports.size(); i++) {
                opened.add(attach(ports.get(i), i, said.get(i)));
            }
            return new SimPacketIo(config, opened, this::release);
        } catch (PacketIoException | RuntimeException e) {
            opened.forEach(port -> port.leave().run());
            release();
            throw e;
        }
    }

    private SimPort attach(PortConfig port, int index, SimOptions.OfPort said) throws PacketIoException {
        int mtu = checkMtu(port);
        WireConfig wanted = options.wire(ports.size() * config.queues());
        Wire wire =
                SharedWires.join(said.wire(), () -> Wire.create(wanted.withMtu(Math.max(wanted.mtu(), largestMtu()))));
        joined.add(said.wire());
        checkSame(said.wire(), wanted, wire.layout());
        var setup = new PortSetup(wanted.seed(), said.impairments(), wanted.flowControl(), null);
        return wire.attach(withMtu(port, mtu), index, config, setup, options.maxQueues());
    }

    private void release() {
        joined.forEach(SharedWires::release);
        joined.clear();
    }

    private int checkMtu(PortConfig port) throws InvalidOptionException {
        int mtu = port.mtu().orElse(options.wire(1).mtu());
        if (mtu < WireConfig.MINIMUM_MTU || mtu > WireConfig.MAXIMUM_MTU) {
            throw new InvalidOptionException(
                    "port." + port.name() + ".mtu",
                    "bad value '" + mtu + "'",
                    WireConfig.MINIMUM_MTU + " to " + WireConfig.MAXIMUM_MTU);
        }
        return mtu;
    }

    private int largestMtu() {
        return ports.stream().mapToInt(port -> port.mtu().orElse(0)).max().orElse(0);
    }

    private static PortConfig withMtu(PortConfig port, int mtu) {
        return new PortConfig(port.name(), port.mac(), java.util.OptionalInt.of(mtu), port.options());
    }

    /** A wire that is there already is as whoever made it wanted: what is asked for here must be the same. */
    private void checkSame(String name, WireConfig wanted, Layout there) throws InvalidOptionException {
        checkSame(name, "ring", wanted.ring(), there.ring);
        checkSame(name, "frames", wanted.frames(), there.frames);
        checkSame(name, "places", wanted.places(), there.places);
    }

    private void checkSame(String name, String option, int wanted, int there) throws InvalidOptionException {
        if (options.has(option) && wanted != there && !options.isAuto(option)) {
            throw new InvalidOptionException(
                    option,
                    "bad value '" + wanted + "' for the wire " + name + ", which is there already",
                    there + ", or nothing");
        }
    }
}
