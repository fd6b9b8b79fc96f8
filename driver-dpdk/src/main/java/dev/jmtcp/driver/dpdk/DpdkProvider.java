package dev.jmtcp.driver.dpdk;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.Probe;
import java.util.List;

/** The driver of DPDK's ports: {@code io = dpdk}. What it opens is a {@link DpdkIo}. */
public final class DpdkProvider implements PacketIoProvider {

    @Override
    public String name() {
        return "dpdk";
    }

    @Override
    public String description() {
        return "network cards and virtual devices, by DPDK's poll mode drivers";
    }

    @Override
    public Probe probe() {
        return Machine.probe();
    }

    @Override
    public List<DriverOption> options() {
        return DpdkOptions.DECLARED;
    }

    @Override
    public List<DriverOption> portOptions() {
        return DpdkOptions.DECLARED_OF_PORTS;
    }

    @Override
    public PacketIo open(DriverConfig config) throws PacketIoException {
        var options = DpdkOptions.of(config);
        if (Machine.probe() instanceof Probe.Unusable(String reason, String remedy)) {
            throw new PacketIoException(reason + "; " + remedy);
        }
        return new Opening(config, options).open();
    }
}
