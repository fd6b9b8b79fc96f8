package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.Probe;
import java.util.List;

/** The driver of Linux TAP interfaces: {@code io = tap}. */
public final class TapProvider implements PacketIoProvider {

    @Override
    public String name() {
        return "tap";
    }

    @Override
    public String description() {
        return "TAP interfaces of Linux, with the kernel of this machine at their other end";
    }

    @Override
    public Probe probe() {
        return Machine.probe();
    }

    @Override
    public List<DriverOption> options() {
        return TapOptions.DECLARED;
    }

    @Override
    public List<DriverOption> portOptions() {
        return TapOptions.DECLARED_OF_PORTS;
    }

    @Override
    public PacketIo open(DriverConfig config) throws PacketIoException {
        var options = TapOptions.of(config);
        if (Machine.lacksDevice() instanceof Probe.Unusable(String reason, String remedy)) {
            throw new PacketIoException(reason + "; " + remedy);
        }
        return new Opening(config, options).open();
    }
}
