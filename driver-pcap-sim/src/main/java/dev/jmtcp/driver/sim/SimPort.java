package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An open port. For any thread.
 *
 * @param port what the stack sees
 * @param link its way into the wire
 * @param queues its queues, by core
 * @param leave gives everything back
 */
record SimPort(Port port, Link link, List<PortQueue> queues, Runnable leave) {

    SimPort {
        queues = List.copyOf(queues);
    }

    PortStatistics statistics() {
        long rxPackets = 0;
        long rxBytes = 0;
        long txPackets = 0;
        long txBytes = 0;
        Map<String, Long> drops = new HashMap<>(link.drops());
        for (PortQueue queue : queues) {
            PortStatistics counted = queue.statistics();
            rxPackets += counted.rxPackets();
            rxBytes += counted.rxBytes();
            txPackets += counted.txPackets();
            txBytes += counted.txBytes();
            counted.drops().forEach((reason, count) -> drops.merge(reason, count, Long::sum));
        }
        return new PortStatistics(rxPackets, rxBytes, txPackets, txBytes, drops);
    }
}
