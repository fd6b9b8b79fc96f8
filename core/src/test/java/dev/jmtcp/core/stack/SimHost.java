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
import dev.jmtcp.spi.Rss;
import dev.jmtcp.spi.Toeplitz;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A host in a simulated network: one port of a wire, at 10.0.0.n/24, and one stack a core. */
public final class SimHost implements AutoCloseable {

    static final int NETWORK = 10 << 24;

    public final SimPacketIo io;
    public final List<Stack> stacks = new ArrayList<>();
    final int address;

    public SimHost(Wire wire, VirtualClock clock, int number, TcpSettings settings, long seed)
            throws PacketIoException {
        this(wire, clock, number, 1, settings, seed);
    }

    public SimHost(Wire wire, VirtualClock clock, int number, int cores, TcpSettings settings, long seed)
            throws PacketIoException {
        this(wire, clock, number, cores, settings, 64 << 20, seed);
    }

    public SimHost(
            Wire wire, VirtualClock clock, int number, int cores, TcpSettings settings, long bufferBytes, long seed)
            throws PacketIoException {
        io = wire.open("host" + number, cores, clock);
        address = NETWORK | number;
        var port = io.port();
        var face =
                new InterfaceConfig(0, port.mac(), port.mtu(), port.capabilities(), List.of(new Prefix(address, 24)));
        var config = new StackConfig(
                settings,
                new Ipv4Config(List.of(face), List.of()),
                new NeighbourConfig(List.of()),
                bufferBytes,
                StackConfig.DEFAULT_BURST);
        var group = new CoreGroup();
        for (int core = 0; core < cores; core++) {
            LocalPorts own = cores == 1
                    ? LocalPorts.ANY
                    : spreadBy(port.capabilities().rss().orElseThrow(), core);
            stacks.add(
                    new Stack(config, io.queue(core), 1, new SplittableRandom(seed + core), own, group, clock.now()));
        }
    }

    private static LocalPorts spreadBy(Rss rss, int core) {
        var toeplitz = new Toeplitz(rss.key());
        return (_, localLow, localPort, _, remoteLow, remotePort) -> core
                == rss.queueOf(toeplitz.hash(Address.ipv4(remoteLow), Address.ipv4(localLow), remotePort, localPort));
    }

    /** The only stack, or that of the first core. */
    public Stack stack() {
        return stacks.getFirst();
    }

    Tcp tcp() {
        return stack().tcp();
    }

    public int connections() {
        return stacks.stream().mapToInt(stack -> stack.tcp().connections()).sum();
    }

    public void join(Simulation simulation) {
        for (Stack stack : stacks) {
            simulation.add(new Simulation.Node() {
                @Override
                public boolean step(long now) {
                    return stack.step(now);
                }

                @Override
                public long nextDeadline() {
                    return stack.nextDeadline();
                }
            });
        }
    }

    /** The low half of this host's address; the high half is 0. */
    long low() {
        return Address.ofIpv4(address);
    }

    @Override
    public void close() {
        stacks.forEach(Stack::close);
        io.close();
    }
}
