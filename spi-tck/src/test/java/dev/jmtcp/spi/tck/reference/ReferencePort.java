package dev.jmtcp.spi.tck.reference;

import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.lang.foreign.Arena;
import java.util.Map;

/** An open end of a wire: its rings, one of each kind a queue. */
final class ReferencePort {

    private final Port port;
    private final Wire wire;
    private final int side;
    private final Incoming[] incoming;
    private final Outgoing[] outgoing;
    private final Wire.End end;

    ReferencePort(Port port, Wire wire, int side, int queues, Settings settings, Arena arena) {
        this.port = port;
        this.wire = wire;
        this.side = side;
        incoming = new Incoming[queues];
        outgoing = new Outgoing[queues];
        var steering = new Steering(port.capabilities().rss().orElse(null), queues, settings.defect());
        for (int queue = 0; queue < queues; queue++) {
            incoming[queue] = new Incoming(settings, steering, port.mtu() + 14 + 127 & -64, arena);
            outgoing[queue] = new Outgoing(settings, port, queue, arena);
        }
        end = new Wire.End(incoming, steering);
    }

    Port port() {
        return port;
    }

    boolean plugIn() {
        return wire.plug(side, end);
    }

    void unplug() {
        wire.unplug(side);
    }

    /** Where frames go: null while the wire hangs loose. */
    Wire.End otherEnd() {
        return wire.end(1 - side);
    }

    Incoming incoming(int queue) {
        return incoming[queue];
    }

    Outgoing outgoing(int queue) {
        return outgoing[queue];
    }

    PortStatistics statistics() {
        long rxPackets = 0;
        long rxBytes = 0;
        long txPackets = 0;
        long txBytes = 0;
        long dropped = 0;
        for (int queue = 0; queue < incoming.length; queue++) {
            rxPackets += incoming[queue].packets();
            rxBytes += incoming[queue].bytes();
            txPackets += outgoing[queue].packets();
            txBytes += outgoing[queue].bytes();
            dropped += incoming[queue].dropped();
        }
        return new PortStatistics(rxPackets, rxBytes, txPackets, txBytes, Map.of("rx ring full", dropped));
    }
}
