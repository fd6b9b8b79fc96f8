package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An open port on a wire: its queues, and its way into the wire. For any thread. */
final class SimPort {

    final Link link;

    private final Wire wire;
    private final Port port;
    private final List<Endpoint> queues;

    SimPort(Wire wire, int index, String name, int mtu, Places.Taken taken, DriverConfig driver) {
        this.wire = wire;
        Impairments impairments = wire.config().impairments();
        link = new Link(impairments, wire.config().seed() ^ taken.mac().bits());
        port = new Port(index, name, taken.mac(), mtu, (long) impairments.bandwidth(), capabilities(taken, driver));
        var opened = new ArrayList<Endpoint>();
        for (int place : taken.places()) {
            opened.add(
                    new Endpoint(wire, place, link, driver.clock(), taken.mac().bits()));
        }
        queues = List.copyOf(opened);
        wire.join(queues);
    }

    private static Capabilities capabilities(Places.Taken taken, DriverConfig driver) {
        int queues = taken.places().length;
        return queues == 1
                ? Capabilities.NONE
                : new Capabilities(
                        Set.of(Offload.RSS), queues, 0, Optional.of(new Steering(driver.rssKey(), queues).rss()));
    }

    Port port() {
        return port;
    }

    Wire wire() {
        return wire;
    }

    Endpoint queue(int core) {
        return queues.get(core);
    }

    void leave() {
        wire.leave(queues);
    }

    PortStatistics statistics() {
        long rxPackets = 0;
        long rxBytes = 0;
        long txPackets = 0;
        long txBytes = 0;
        long runts = 0;
        long ringFull = 0;
        for (Endpoint queue : queues) {
            rxPackets += queue.rxPackets().value();
            rxBytes += queue.rxBytes().value();
            txPackets += queue.txPackets().value();
            txBytes += queue.txBytes().value();
            runts += queue.runts().value();
            ringFull += queue.ringFull();
        }
        return new PortStatistics(
                rxPackets,
                rxBytes,
                txPackets,
                txBytes,
                Map.of(
                        "shorter than an Ethernet header",
                        runts,
                        "rx ring full",
                        ringFull,
                        "lost on the wire",
                        link.lost.value(),
                        "queue full",
                        link.queueFull.value(),
                        "dropped by filter",
                        link.filtered.value()));
    }
}
