package dev.jmtcp.driver.onvm;

import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Network functions that run: one for each core, all of one service. */
final class OnvmIo implements PacketIo {

    private final Admission admission;
    private final List<NetworkFunction> functions;
    private final List<Port> ports;

    /** By core, then by port. */
    private final List<List<Incoming>> incoming;

    private final List<List<Outgoing>> outgoing;

    private final List<OnvmQueue> queues;
    private final Watch watch;
    private final Thread atExit = new Thread(this::end, "onvm-stop");
    private final long missedBefore;

    /** Guarded by this, like the following. */
    private long missed;

    private boolean closed;

    /** Takes over all it is given. */
    OnvmIo(
            Admission admission,
            List<NetworkFunction> functions,
            List<Port> ports,
            List<List<Incoming>> incoming,
            List<List<Outgoing>> outgoing,
            List<OnvmQueue> queues) {
        this.admission = admission;
        this.functions = List.copyOf(functions);
        this.ports = List.copyOf(ports);
        this.incoming = List.copyOf(incoming);
        this.outgoing = List.copyOf(outgoing);
        this.queues = List.copyOf(queues);
        missedBefore = missedNow();
        watch = new Watch(functions, queues);
        Runtime.getRuntime().addShutdownHook(atExit);
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
        Objects.checkIndex(port, ports.size());
        if (!closed) {
            missed = missedNow() - missedBefore;
        }
        return new PortStatistics(
                incoming.stream().mapToLong(core -> core.get(port).packets()).sum(),
                incoming.stream().mapToLong(core -> core.get(port).bytes()).sum(),
                outgoing.stream().mapToLong(core -> core.get(port).packets()).sum(),
                outgoing.stream().mapToLong(core -> core.get(port).bytes()).sum(),
                Map.of(
                        "receive queue full",
                        // The manager does not count by port.
                        port == 0 ? missed : 0,
                        "in pieces",
                        incoming.stream()
                                .mapToLong(core -> core.get(port).unusable())
                                .sum()));
    }

    private long missedNow() {
        return functions.stream().mapToLong(NetworkFunction::missed).sum();
    }

    @Override
    public void close() {
        boolean ended = stop(OnvmQueue::close);
        if (ended) {
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException _) {
                // the program ends already
            }
        }
    }

    /** The program ends, and the stacks may still be at work. */
    private void end() {
        boolean _ = stop(OnvmQueue::end);
    }

    /** Whether this was the first call. */
    private synchronized boolean stop(Consumer<OnvmQueue> how) {
        if (closed) {
            return false;
        }
        queues.forEach(how);
        watch.stop();
        missed = missedNow() - missedBefore;
        closed = true;
        // What a manager that was killed has left half done would be waited for without end.
        if (!watch.isManagerGone()) {
            queues.forEach(OnvmQueue::release);
            admission.stop();
        }
        return true;
    }
}
