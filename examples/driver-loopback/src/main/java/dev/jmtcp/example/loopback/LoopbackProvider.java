package dev.jmtcp.example.loopback;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.DriverOptions;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Probe;
import java.util.List;

/** The driver {@code io = loopback}: every port receives what it sends, on the queue that sent it. */
public final class LoopbackProvider implements PacketIoProvider {

    private static final List<DriverOption> OPTIONS = List.of(
            new DriverOption("ring", "512", "a power of two, 2–65536", "Frames that a port holds on each queue"));

    @Override
    public String name() {
        return "loopback";
    }

    @Override
    public String description() {
        return "Ports that receive what they send";
    }

    @Override
    public Probe probe() {
        return new Probe.Usable("needs nothing");
    }

    @Override
    public List<DriverOption> options() {
        return OPTIONS;
    }

    @Override
    public PacketIo open(DriverConfig config) throws PacketIoException {
        var options = new DriverOptions("", OPTIONS, config.options());
        int ringSize = (int) options.number("ring", 2, 65_536);
        if (Integer.bitCount(ringSize) != 1) {
            throw options.invalid("ring");
        }
        if (config.ports().isEmpty()) {
            throw new InvalidOptionException("port", "none given", "one port or more, of any name");
        }
        for (PortConfig port : config.ports()) {
            String prefix = "port." + port.name() + '.';
            new DriverOptions(prefix, portOptions(), port.options());
            int mtu = port.mtu().orElse(LoopbackIo.DEFAULT_MTU);
            if (mtu < 68 || mtu > 65_535) {
                throw new InvalidOptionException(prefix + "mtu", "bad value '" + mtu + "'", "68–65535");
            }
        }
        if (config.queues() > LoopbackIo.MAX_QUEUES) {
            throw new PacketIoException("has at most " + LoopbackIo.MAX_QUEUES + " queues, not " + config.queues());
        }
        return new LoopbackIo(config, ringSize);
    }
}
