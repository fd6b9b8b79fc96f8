package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Open ports on simulated wires. Besides what every driver does, its impairments can be changed and its frames filtered, at any time. */
public final class SimPacketIo implements PacketIo {

    private final List<SimPort> simulated;
    private final List<Port> ports;
    private final List<SimQueue> queues;
    private volatile @Nullable List<PortStatistics> last;

    private final Runnable afterwards;

    /** @param afterwards what is to be done after the ports are closed */
    SimPacketIo(DriverConfig driver, List<SimPort> opened, Runnable afterwards) {
        this.afterwards = afterwards;
        simulated = List.copyOf(opened);
        ports = simulated.stream().map(SimPort::port).toList();
        queues = IntStream.range(0, driver.queues())
                .mapToObj(core -> new SimQueue(simulated, core, driver.clock()))
                .toList();
    }

    @Override
    public List<Port> ports() {
        return ports;
    }

    @Override
    public PacketQueue queue(int core) {
        return queues.get(core);
    }

    /** The only port's hardware address and all else. */
    public Port port() {
        return ports.getFirst();
    }

    @Override
    public PortStatistics statistics(int port) {
        List<PortStatistics> frozen = last;
        return frozen != null ? frozen.get(port) : simulated.get(port).statistics();
    }

    /** What happens to the frames that a port sends from now on. */
    public void impair(int port, Impairments impairments) {
        simulated.get(port).link().impair(impairments);
    }

    /** What happens to the frames that a port sends. */
    public Impairments impairments(int port) {
        return simulated.get(port).link().impairments();
    }

    /** Shows the frames that a port sends from now on to a filter, which decides on them; null for none. */
    public void filter(int port, @Nullable FrameFilter filter) {
        simulated.get(port).link().filter(filter);
    }

    /** How many frames of a port the wire has duplicated. */
    public long duplicated(int port) {
        return simulated.get(port).link().duplicated.value();
    }

    /** How many frames of a port the wire has held back. */
    public long reordered(int port) {
        return simulated.get(port).link().reordered.value();
    }

    /** How many frames of a port the wire has damaged. */
    public long corrupted(int port) {
        return simulated.get(port).link().corrupted.value();
    }

    @Override
    public synchronized void close() {
        if (last == null) {
            queues.forEach(SimQueue::close);
            last = simulated.stream().map(SimPort::statistics).toList();
            simulated.forEach(port -> port.leave().run());
            afterwards.run();
        }
    }
}
