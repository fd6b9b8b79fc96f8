package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.util.List;
import java.util.Map;

/** An open port: what it is, its queues, its counters. Any thread may ask; {@link TapIo} sees to it that none does while it closes. */
final class TapPort implements AutoCloseable {

    private final Port port;
    private final TapDevice device;
    private final boolean steered;
    private final List<PortQueue> queues;

    /** What the interface had dropped before it was opened here. */
    private final long droppedBefore;

    private long dropped;

    /** @param steered whether a program chooses the queues, which is to go when this closes */
    TapPort(Port port, TapDevice device, boolean steered, List<PortQueue> queues) {
        this.port = port;
        this.device = device;
        this.steered = steered;
        this.queues = List.copyOf(queues);
        droppedBefore = InterfaceDrops.of(port.name()).orElse(0);
    }

    Port port() {
        return port;
    }

    PortQueue queue(int core) {
        return queues.get(core);
    }

    boolean isUp(Interface kernel) {
        try {
            int needed = Interface.IFF_UP | Interface.IFF_RUNNING;
            return (kernel.flags(device.name()) & needed) == needed;
        } catch (CallFailedException _) {
            return false; // the interface is gone
        }
    }

    PortStatistics statistics() {
        return new PortStatistics(
                queues.stream().mapToLong(queue -> queue.incoming().packets()).sum(),
                queues.stream().mapToLong(queue -> queue.incoming().bytes()).sum(),
                queues.stream().mapToLong(queue -> queue.outgoing().packets()).sum(),
                queues.stream().mapToLong(queue -> queue.outgoing().bytes()).sum(),
                Map.of(
                        "kernel queue full",
                        dropped,
                        "refused by the kernel",
                        queues.stream()
                                .mapToLong(queue -> queue.outgoing().refused())
                                .sum(),
                        "interface down",
                        queues.stream()
                                .mapToLong(queue -> queue.outgoing().whileDown())
                                .sum()));
    }

    /** Asks the kernel what it dropped. */
    void updateDrops() {
        try {
            InterfaceDrops.of(device.name()).ifPresent(count -> dropped = count - droppedBefore);
        } catch (CallFailedException _) {
            // the interface is gone, and its counters with it
        }
    }

    @Override
    public void close() {
        if (steered) {
            try {
                device.setSteering(-1);
            } catch (CallFailedException _) {
                // the interface is gone
            }
        }
        device.close();
    }
}
