package dev.jmtcp.driver.onvm;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.Probe;
import java.util.List;

/** The driver that makes the stack a network function of openNetVM: {@code io = onvm}. */
public final class OnvmProvider implements PacketIoProvider {

    @Override
    public String name() {
        return "onvm";
    }

    @Override
    public String description() {
        return "a network function of openNetVM: packets from and to its manager and other functions";
    }

    @Override
    public Probe probe() {
        return Machine.probe();
    }

    @Override
    public List<DriverOption> options() {
        return OnvmOptions.DECLARED;
    }

    @Override
    public List<DriverOption> portOptions() {
        return OnvmOptions.DECLARED_OF_PORTS;
    }

    @Override
    public PacketIo open(DriverConfig config) throws PacketIoException {
        var options = OnvmOptions.of(config);
        Probe.Unusable unfit = Machine.unfit();
        if (unfit != null) {
            throw new PacketIoException(unfit.reason() + "; " + unfit.remedy());
        }
        return new Opening(config, options).open();
    }
}
