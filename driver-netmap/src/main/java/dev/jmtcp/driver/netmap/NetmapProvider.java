package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.Probe;
import java.util.List;

/** The driver of netmap ports: {@code io = netmap}. */
public final class NetmapProvider implements PacketIoProvider {

    @Override
    public String name() {
        return "netmap";
    }

    @Override
    public String description() {
        return "netmap ports: network cards, VALE switches, pipes";
    }

    @Override
    public Probe probe() {
        return Machine.probe();
    }

    @Override
    public List<DriverOption> options() {
        return NetmapOptions.DECLARED;
    }

    @Override
    public PacketIo open(DriverConfig config) throws PacketIoException {
        var options = NetmapOptions.of(config);
        if (Machine.probe() instanceof Probe.Unusable(String reason, String remedy)) {
            throw new PacketIoException(reason + "; " + remedy);
        }
        return new Opening(config, options).open();
    }
}
