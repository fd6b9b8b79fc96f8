package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An open port: what it is, its memory, its queues, its counters. For any thread. */
final class NetmapPort implements AutoCloseable {

    private final Port port;
    private final Optional<String> device;
    private final int index;
    private final Interface kernel;
    private final SharedMemory memory;
    private final List<PortQueue> queues;

    /**
     * @param device the network interface that it belongs to, to be asked about at the kernel
     * @param index the interface's number
     */
    NetmapPort(
            Port port,
            Optional<String> device,
            int index,
            Interface kernel,
            SharedMemory memory,
            List<PortQueue> queues) {
        this.port = port;
        this.device = device;
        this.index = index;
        this.kernel = kernel;
        this.memory = memory;
        this.queues = List.copyOf(queues);
    }

    Port port() {
        return port;
    }

    PortQueue queue(int core) {
        return queues.get(core);
    }

    boolean isUp() {
        try {
            int needed = Interface.IFF_UP | Interface.IFF_RUNNING;
            return device.isEmpty() || (kernel.flags(device.get()) & needed) == needed;
        } catch (CallFailedException _) {
            return false; // the interface is gone
        }
    }

    /** Whether there is an interface that may recover. */
    boolean isThere() {
        try {
            return device.isPresent() && kernel.index(device.get()) == index;
        } catch (CallFailedException _) {
            return false;
        }
    }

    PortStatistics statistics() {
        return new PortStatistics(
                queues.stream().mapToLong(queue -> queue.incoming().packets()).sum(),
                queues.stream().mapToLong(queue -> queue.incoming().bytes()).sum(),
                queues.stream().mapToLong(queue -> queue.outgoing().packets()).sum(),
                queues.stream().mapToLong(queue -> queue.outgoing().bytes()).sum(),
                Map.of(
                        "malformed",
                        queues.stream()
                                .mapToLong(queue -> queue.incoming().malformed())
                                .sum()));
    }

    @Override
    public void close() {
        memory.close();
        queues.reversed().forEach(queue -> queue.descriptor().close());
    }
}
