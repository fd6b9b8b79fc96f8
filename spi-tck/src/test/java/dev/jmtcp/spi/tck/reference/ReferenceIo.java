package dev.jmtcp.spi.tck.reference;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

/** The open ports. */
final class ReferenceIo implements PacketIo {

    private final Settings settings;
    private final ReferencePort[] ports;
    private final ReferenceQueue[] queues;
    private boolean closed;

    ReferenceIo(DriverConfig config, List<Port> list, Settings settings) throws PacketIoException {
        this.settings = settings;
        Arena arena = Arena.ofAuto();
        ports = new ReferencePort[list.size()];
        queues = new ReferenceQueue[config.queues()];
        for (int i = 0; i < ports.length; i++) {
            Port port = list.get(i);
            int colon = port.name().indexOf(':');
            Wire wire = Wire.named(port.name().substring(0, colon));
            int side = port.name().charAt(colon + 1) - 'a';
            ports[i] = new ReferencePort(port, wire, side, queues.length, settings, arena);
        }
        for (int core = 0; core < queues.length; core++) {
            queues[core] = new ReferenceQueue(ports, core, settings);
        }
        for (int i = 0; i < ports.length; i++) {
            if (!ports[i].plugIn()) {
                Arrays.stream(ports, 0, i).forEach(ReferencePort::unplug);
                throw new PacketIoException(list.get(i).name() + " is open already: close it first");
            }
        }
    }

    @Override
    public List<Port> ports() {
        return Arrays.stream(ports).map(ReferencePort::port).toList();
    }

    @Override
    public PacketQueue queue(int core) {
        return queues[core];
    }

    @Override
    public PortStatistics statistics(int port) {
        return ports[port].statistics();
    }

    @Override
    public boolean linkUp(int port) {
        return ports[port].otherEnd() != null;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            if (settings.defect() == Defect.CLOSES_ONCE_ONLY) {
                throw new IllegalStateException("closed already");
            }
            return;
        }
        closed = true;
        for (ReferenceQueue queue : queues) {
            queue.close();
        }
        if (settings.defect() != Defect.CLOSES_NOTHING) {
            for (ReferencePort port : ports) {
                port.unplug();
            }
        }
    }
}
