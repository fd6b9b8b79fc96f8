package dev.jmtcp.driver.psio;

import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.util.List;

/** The open ports of the psio driver. */
final class PsioIo implements PacketIo {

    private final List<PsioPort> psioPorts;
    private final List<Port> ports;
    private final List<PsioQueue> queues;
    private final Interface kernel;

    /** Guarded by this. */
    private boolean closed;

    /**
     * Takes over all it is given.
     *
     * @param queues one for each core
     * @param kernel to ask about interfaces
     */
    PsioIo(List<PsioPort> psioPorts, List<PsioQueue> queues, Interface kernel) {
        this.psioPorts = List.copyOf(psioPorts);
        this.queues = List.copyOf(queues);
        this.kernel = kernel;
        ports = psioPorts.stream().map(PsioPort::port).toList();
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
    public synchronized PortStatistics statistics(int port) {
        PsioPort psioPort = psioPorts.get(port);
        if (!closed) {
            psioPort.updateDrops();
        }
        return psioPort.statistics();
    }

    @Override
    public synchronized boolean linkUp(int port) {
        Port asked = ports.get(port);
        return !closed && kernel.isUp(asked.name());
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        psioPorts.forEach(PsioPort::updateDrops);
        queues.forEach(PsioQueue::close);
        kernel.close();
    }
}
