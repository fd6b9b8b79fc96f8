package dev.jmtcp.spi.tck.reference;

import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.DriverOptions;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Probe;
import dev.jmtcp.spi.Rss;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The driver that the contract test is tested with. */
public final class ReferenceProvider implements PacketIoProvider {

    private static final int MAX_QUEUES = 8;
    private static final int MAX_TSO_FRAME = 9000;

    private static final List<DriverOption> PORT_OPTIONS =
            List.of(new DriverOption("speed", "10g", "a rate: 100m, 10g", "The speed the port tells"));

    private final Defect defect;

    public ReferenceProvider() {
        this(Defect.NONE);
    }

    public ReferenceProvider(Defect defect) {
        this.defect = defect;
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String description() {
        return "A wire in memory, right or broken";
    }

    @Override
    public Probe probe() {
        return new Probe.Usable("needs nothing");
    }

    @Override
    public List<DriverOption> options() {
        return Settings.OPTIONS;
    }

    @Override
    public List<DriverOption> portOptions() {
        return PORT_OPTIONS;
    }

    @Override
    public PacketIo open(DriverConfig config) throws PacketIoException {
        DriverOptions options = read("", Settings.OPTIONS, config.options());
        Settings settings = Settings.of(options, config.clock(), defect);
        if (config.ports().isEmpty()) {
            throw new InvalidOptionException("port", "none given", "one port or more, named <wire>:a or <wire>:b");
        }
        if (config.queues() > MAX_QUEUES) {
            throw new PacketIoException("has at most " + MAX_QUEUES + " queues");
        }
        var ports = new ArrayList<Port>();
        for (PortConfig port : config.ports()) {
            ports.add(port(ports.size(), port, config, settings));
        }
        return new ReferenceIo(config, ports, settings);
    }

    private Port port(int index, PortConfig port, DriverConfig config, Settings settings)
            throws InvalidOptionException {
        if (!port.name().matches("[^:]+:[ab]")) {
            throw new InvalidOptionException("port", "unknown port '" + port.name() + "'", "<wire>:a or <wire>:b");
        }
        String prefix = "port." + port.name() + '.';
        double speed = read(prefix, PORT_OPTIONS, port.options()).rate("speed");
        int mtu = port.mtu().orElse(1500);
        if (mtu < 68 || mtu > 1500) {
            throw new InvalidOptionException(prefix + "mtu", "bad value '" + mtu + "'", "68–1500");
        }
        var rss = Rss.roundRobin(config.rssKey(), 128, config.queues());
        return new Port(
                index,
                port.name(),
                port.mac()
                        .orElse(new MacAddress(
                                0x02_00_00_00_00_00L | port.name().hashCode() & 0xffff_ffffL)),
                mtu,
                (long) speed,
                settings.offloads()
                        ? new Capabilities(
                                Set.of(
                                        Offload.TX_IPV4_CHECKSUM,
                                        Offload.TX_TCP_CHECKSUM,
                                        Offload.TCP_SEGMENTATION,
                                        Offload.RSS),
                                MAX_QUEUES,
                                MAX_TSO_FRAME,
                                Optional.of(rss))
                        : new Capabilities(Set.of(), MAX_QUEUES, 0, Optional.empty()));
    }

    private DriverOptions read(String prefix, List<DriverOption> declared, Map<String, String> given)
            throws InvalidOptionException {
        var values = new HashMap<>(given);
        if (defect == Defect.IGNORES_UNKNOWN_OPTIONS) {
            values.keySet().retainAll(declared.stream().map(DriverOption::name).collect(Collectors.toSet()));
        }
        if (defect == Defect.IGNORES_BAD_VALUES) {
            values.values().removeIf(value -> value.contains(" "));
        }
        return new DriverOptions(prefix, declared, values);
    }
}
