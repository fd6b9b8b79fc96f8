package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.Probe;
import java.util.List;

/** The simulated driver: {@code io = pcap-sim}. Runs on any machine. */
public final class PcapSimProvider implements PacketIoProvider {

    @Override
    public String name() {
        return "pcap-sim";
    }

    @Override
    public String description() {
        return "a simulated wire in memory, with faults by a seed, replay and recording";
    }

    @Override
    public Probe probe() {
        return new Probe.Usable("needs nothing");
    }

    @Override
    public List<DriverOption> options() {
        return SimOptions.declared();
    }

    @Override
    public List<DriverOption> portOptions() {
        return SimOptions.declaredOfPorts();
    }

    @Override
    public SimPacketIo open(DriverConfig config) throws PacketIoException {
        return new Opening(config).open();
    }
}
