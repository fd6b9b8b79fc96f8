package dev.jmtcp.spi.tck;

import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;

/**
 * One end of a link: a port of an open driver, and the driver's queues.
 *
 * @param index the port's index
 * @param mac its hardware address
 */
record End(PacketIo io, Port port, int index, long mac, PacketQueue[] queues) {

    static End of(PacketIo io, int index, int queues) {
        var all = new PacketQueue[queues];
        for (int core = 0; core < queues; core++) {
            all[core] = io.queue(core);
        }
        Port port = io.ports().get(index);
        return new End(io, port, index, port.mac().bits(), all);
    }

    /** The longest frame that the port sends as it is: MTU and Ethernet header. */
    int longestFrame() {
        return port.mtu() + 14;
    }
}
