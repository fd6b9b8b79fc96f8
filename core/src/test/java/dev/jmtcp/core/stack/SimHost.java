package dev.jmtcp.core.stack;

import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.ip.Ipv4Config;
import dev.jmtcp.core.ip.Prefix;
import dev.jmtcp.core.link.NeighbourConfig;
import dev.jmtcp.core.tcp.LocalPorts;
import dev.jmtcp.core.tcp.Tcp;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.driver.sim.SimPacketIo;
import dev.jmtcp.driver.sim.Simulation;
import dev.jmtcp.driver.sim.VirtualClock;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.spi.PacketIoException;
import java.util.List;
import java.util.SplittableRandom;

/** A host in a simulated network: one stack on one port of a wire, at 10.0.0.n/24. */
final class SimHost implements Simulation.Node, AutoCloseable {

    static final int NETWORK = 10 << 24;

    final SimPacketIo io;
    final Stack stack;
    final int address;

    SimHost(Wire wire, VirtualClock clock, int number, TcpSettings settings, long seed) throws PacketIoException {
        io = wire.open("host" + number, clock);
        address = NETWORK | number;
        var port = io.port();
        var face =
                new InterfaceConfig(0, port.mac(), port.mtu(), port.capabilities(), List.of(new Prefix(address, 24)));
        var config = new StackConfig(
                settings,
                new Ipv4Config(List.of(face), List.of()),
                new NeighbourConfig(List.of()),
                64 << 20,
                StackConfig.DEFAULT_BURST);
        stack = new Stack(config, io.queue(0), 1, new SplittableRandom(seed), LocalPorts.ANY, clock.now());
    }

    Tcp tcp() {
        return stack.tcp();
    }

    /** The low half of this host's address; the high half is 0. */
    long low() {
        return Address.ofIpv4(address);
    }

    @Override
    public boolean step(long now) {
        return stack.step(now);
    }

    @Override
    public long nextDeadline() {
        return stack.nextDeadline();
    }

    @Override
    public void close() {
        stack.close();
        io.close();
    }
}
