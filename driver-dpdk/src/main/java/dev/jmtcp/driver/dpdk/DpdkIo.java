package dev.jmtcp.driver.dpdk;

import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/** The open ports of the DPDK driver. */
public final class DpdkIo implements PacketIo {

    private final HomeThread home;
    private final Buffers buffers;
    private final List<DpdkPort> dpdkPorts;
    private final List<Port> ports;
    private final List<DpdkQueue> queues = new ArrayList<>();

    /** Guarded by this. */
    private boolean closed;

    /**
     * Takes over all it is given.
     *
     * @param home where devices are to be closed
     */
    DpdkIo(HomeThread home, Buffers buffers, List<DpdkPort> dpdkPorts, int cores, LongSupplier clock) {
        this.home = home;
        this.buffers = buffers;
        this.dpdkPorts = List.copyOf(dpdkPorts);
        ports = dpdkPorts.stream().map(DpdkPort::port).toList();
        for (int core = 0; core < cores; core++) {
            queues.add(new DpdkQueue(buffers, this.dpdkPorts, core, clock));
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
        DpdkPort dpdkPort = dpdkPorts.get(port);
        if (!closed) {
            dpdkPort.updateCounters();
        }
        return dpdkPort.statistics();
    }

    /**
     * All that a port's device counts, by DPDK's names for it ("xstats"), whoever caused it; empty once closed. From any thread.
     *
     * @throws IndexOutOfBoundsException if there is no such port
     */
    public synchronized Map<String, Long> extendedStatistics(int port) {
        DpdkPort dpdkPort = dpdkPorts.get(port);
        return closed ? Map.of() : dpdkPort.extendedStatistics();
    }

    @Override
    public synchronized boolean linkUp(int port) {
        Objects.checkIndex(port, ports.size());
        return !closed && dpdkPorts.get(port).isUp();
    }

    /** Packet buffers that nobody has, of {@link #buffers}; exact only while no queue is in use. */
    int buffersFree() {
        return buffers.available();
    }

    int buffers() {
        return buffers.capacity();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        queues.forEach(DpdkQueue::close);
        dpdkPorts.forEach(DpdkPort::updateCounters);
        queues.forEach(DpdkQueue::release);
        try (home) {
            home.run(this::giveBack);
        }
    }

    private void giveBack() {
        synchronized (Environment.DEVICES) {
            dpdkPorts.reversed().forEach(DpdkPort::close);
            buffers.free();
        }
    }
}
