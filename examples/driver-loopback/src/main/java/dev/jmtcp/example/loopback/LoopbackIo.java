package dev.jmtcp.example.loopback;

import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.PortStatistics;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The open ports, and a queue for every core. */
final class LoopbackIo implements PacketIo {

    static final int DEFAULT_MTU = 1500;
    static final int MAX_QUEUES = 64;

    /** Holds the frames of all ports; closing it gives the memory back. */
    private final Arena arena = Arena.ofShared();

    private final List<Port> ports;
    private final List<LoopbackQueue> queues = new ArrayList<>();

    LoopbackIo(DriverConfig config, int ringSize) {
        var open = new ArrayList<Port>();
        for (PortConfig port : config.ports()) {
            open.add(open(open.size(), port));
        }
        ports = List.copyOf(open);
        for (int core = 0; core < config.queues(); core++) {
            queues.add(new LoopbackQueue(
                    ports.stream().map(port -> new Ring(port, ringSize, arena)).toArray(Ring[]::new)));
        }
    }

    private static Port open(int index, PortConfig port) {
        return new Port(
                index,
                port.name(),
                port.mac().orElse(new MacAddress(0x02_00_00_00_00_00L | index)),
                port.mtu().orElse(DEFAULT_MTU),
                0,
                new Capabilities(Set.of(), MAX_QUEUES, 0, Optional.empty()));
    }

    @Override
    public List<Port> ports() {
        return ports;
    }

    @Override
    public PacketQueue queue(int core) {
        return queues.get(core);
    }

    @Override
    public PortStatistics statistics(int port) {
        var sum = PortStatistics.ZERO;
        for (LoopbackQueue queue : queues) {
            sum = queue.ring(port).addTo(sum);
        }
        return sum;
    }

    @Override
    public void close() {
        queues.forEach(LoopbackQueue::close);
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
