package dev.jmtcp.driver.psio;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.Probe;
import java.util.List;

/** The driver of the PacketShader I/O engine: {@code io = psio}. */
public final class PsioProvider implements PacketIoProvider {

    @Override
    public String name() {
        return "psio";
    }

    @Override
    public String description() {
        return "Intel 82598 and 82599 network cards by the PacketShader I/O engine, a module of Linux 2.6.32 to 2.6.38";
    }

    @Override
    public Probe probe() {
        return Machine.probe();
    }

    @Override
    public List<DriverOption> options() {
        return PsioOptions.DECLARED;
    }

    @Override
    public PacketIo open(DriverConfig config) throws PacketIoException {
        var options = PsioOptions.of(config);
        if (Machine.probe() instanceof Probe.Unusable(String reason, String remedy)) {
            throw new PacketIoException(reason + "; " + remedy);
        }
        return new Opening(config, options).open();
    }
}
