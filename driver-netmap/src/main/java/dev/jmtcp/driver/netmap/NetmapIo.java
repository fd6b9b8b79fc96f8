package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The open ports of the netmap driver. */
final class NetmapIo implements PacketIo {

    private final List<NetmapPort> netmapPorts;
    private final List<Port> ports;
    private final List<NetmapQueue> queues = new ArrayList<>();
    private final Interface kernel;

    /** Guarded by this. */
    private boolean closed;

    /**
     * Takes over all it is given, if it returns.
     *
     * @param kernel to ask about interfaces
     */
    NetmapIo(List<NetmapPort> netmapPorts, int cores, Interface kernel) throws CallFailedException {
        this.netmapPorts = List.copyOf(netmapPorts);
        this.kernel = kernel;
        ports = netmapPorts.stream().map(NetmapPort::port).toList();
        try {
            for (int core = 0; core < cores; core++) {
                queues.add(new NetmapQueue(netmapPorts, core));
            }
        } catch (CallFailedException e) {
            queues.forEach(NetmapQueue::close);
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
    public PortStatistics statistics(int port) {
        return netmapPorts.get(port).statistics();
    }

    @Override
    public synchronized boolean linkUp(int port) {
        Objects.checkIndex(port, ports.size());
        return !closed && netmapPorts.get(port).isUp();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        queues.forEach(NetmapQueue::close);
        netmapPorts.reversed().forEach(NetmapPort::close);
        kernel.close();
    }
}
