package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The open ports of the TAP driver. */
final class TapIo implements PacketIo {

    private final List<TapPort> tapPorts;
    private final List<Port> ports;
    private final List<TapQueue> queues = new ArrayList<>();
    private final Interface kernel;

    /** Guarded by this. */
    private boolean closed;

    /**
     * Takes over all it is given, if it returns.
     *
     * @param kernel to ask about interfaces
     */
    TapIo(List<TapPort> tapPorts, int cores, Interface kernel) throws CallFailedException {
        this.tapPorts = List.copyOf(tapPorts);
        this.kernel = kernel;
        ports = tapPorts.stream().map(TapPort::port).toList();
        try {
            for (int core = 0; core < cores; core++) {
                queues.add(new TapQueue(tapPorts, core));
            }
        } catch (CallFailedException e) {
            queues.forEach(TapQueue::close);
            throw e;
        }
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
        TapPort tapPort = tapPorts.get(port);
        if (!closed) {
            tapPort.updateDrops();
        }
        return tapPort.statistics();
    }

    @Override
    public synchronized boolean linkUp(int port) {
        Objects.checkIndex(port, ports.size());
        return !closed && tapPorts.get(port).isUp(kernel);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        queues.forEach(TapQueue::close);
        tapPorts.forEach(TapPort::updateDrops);
        tapPorts.reversed().forEach(TapPort::close);
        kernel.close();
    }
}
