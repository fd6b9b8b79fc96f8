package dev.jmtcp.driver.psio;

import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.util.List;
import java.util.Map;

/** An open port: what it is, and its counters. Any thread may ask. */
final class PsioPort {

    private final Port port;
    private final List<PortQueue> queues;

    /** What the card had lost before it was opened here. */
    private final long lostBefore;

    private long lost;

    /** @param queues one for each core */
    PsioPort(Port port, List<PortQueue> queues) {
        this.port = port;
        this.queues = List.copyOf(queues);
        lostBefore = InterfaceDrops.of(port.name()).orElse(0);
    }

    Port port() {
        return port;
    }

    PortStatistics statistics() {
        return new PortStatistics(
                queues.stream().mapToLong(queue -> queue.incoming().packets()).sum(),
                queues.stream().mapToLong(queue -> queue.incoming().bytes()).sum(),
                queues.stream().mapToLong(queue -> queue.outgoing().packets()).sum(),
                queues.stream().mapToLong(queue -> queue.outgoing().bytes()).sum(),
                Map.of("receive ring full", lost));
    }

    /** Asks the kernel what the card has lost. */
    void updateDrops() {
        InterfaceDrops.of(port.name()).ifPresent(count -> lost = count - lostBefore);
    }
}
