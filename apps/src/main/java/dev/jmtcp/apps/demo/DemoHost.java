package dev.jmtcp.apps.demo;

import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.ip.Ipv4Config;
import dev.jmtcp.core.ip.Prefix;
import dev.jmtcp.core.link.NeighbourConfig;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.stack.Stack;
import dev.jmtcp.core.stack.StackConfig;
import dev.jmtcp.core.tcp.LocalPorts;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.driver.sim.SimPacketIo;
import dev.jmtcp.driver.sim.Simulation;
import dev.jmtcp.driver.sim.VirtualClock;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.Port;
import java.util.List;
import java.util.SplittableRandom;

/** A host on the wire at 10.0.0.n/24, with one core. Belongs to one thread. */
final class DemoHost implements AutoCloseable {

    private static final int NETWORK = 10 << 24;
    private static final int PREFIX_LENGTH = 24;

    private final SimPacketIo io;
    private final Stack stack;
    private final Context context;

    /**
     * @param name what its port is called
     * @param number the last number of its address
     * @param bufferBytes the most memory for the data of connections
     */
    DemoHost(Wire wire, VirtualClock clock, String name, int number, TcpSettings tcp, long bufferBytes, long seed)
            throws PacketIoException {
        io = wire.open(name, clock);
        Port port = io.port();
        var network = new InterfaceConfig(
                0, port.mac(), port.mtu(), port.capabilities(), List.of(new Prefix(NETWORK | number, PREFIX_LENGTH)));
        var config = new StackConfig(
                tcp,
                new Ipv4Config(List.of(network), List.of()),
                new NeighbourConfig(List.of()),
                bufferBytes,
                StackConfig.DEFAULT_BURST);
        stack = new Stack(
                config, io.queue(0), 1, new SplittableRandom(seed ^ number), LocalPorts.ANY, null, clock.now());
        context = Context.over(stack);
    }

    /** What a simulation steps. */
    Simulation.Node node() {
        return new Simulation.Node() {
            @Override
            public boolean step(long now) {
                return stack.step(now);
            }

            @Override
            public long nextDeadline() {
                return stack.nextDeadline();
            }

            @Override
            public String toString() {
                return io.port().name();
            }
        };
    }

    SimPacketIo io() {
        return io;
    }

    Context context() {
        return context;
    }

    Counters counters() {
        return stack.counters();
    }

    @Override
    public void close() {
        context.close();
        stack.close();
        io.close();
    }
}
