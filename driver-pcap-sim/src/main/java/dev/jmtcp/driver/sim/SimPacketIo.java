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
public final class SimPacketIo implements PacketIo, Simulation.Source {

    private final List<SimPort> simulated;
    private final List<Port> ports;
    private final List<SimQueue> queues;
    private volatile @Nullable List<PortStatistics> last;

    private final Runnable afterwards;

    /**
     * @param afterwards what is to be done after the ports are closed
     * @param jumping the clock that a resting thread sets forward itself, if it does
     */
    SimPacketIo(DriverConfig driver, List<SimPort> opened, Runnable afterwards, @Nullable VirtualClock jumping) {
        this.afterwards = afterwards;
        simulated = List.copyOf(opened);
        ports = simulated.stream().map(SimPort::port).toList();
        queues = IntStream.range(0, driver.queues())
                .mapToObj(core -> new SimQueue(simulated, core, driver.clock(), jumping))
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

    /**
     * What happens to the frames that a port sends from now on. The wire was made with room for some: see {@link WireConfig#frames}; a
     * port that has all its frames under way finds no room to send more.
     */
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

    /**
     * When the next frame can be received by any port: at the earliest {@code now} if one is there already; {@link Long#MAX_VALUE} if none is under
     * way. Only while no other thread uses a queue. A {@link Simulation} that knows the {@link Wire} needs this for replayed files only.
     */
    @Override
    public long nextEvent(long now) {
        long next = PortQueue.NEVER;
        for (SimPort port : simulated) {
            for (PortQueue queue : port.queues()) {
                next = Math.min(next, queue.nextArrival());
            }
        }
        return Math.max(next, now);
    }

    /**
     * Gives everything back, also a wire that no one else is on.
     *
     * @throws java.io.UncheckedIOException if a recording could not be completed; all else is given back
     */
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
