package dev.jmtcp.core.link;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.wire.Arp;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.spi.TxOffload;

/** Sends ARP packets. One that finds the transmit ring full is dropped and counted: it will be sent again, or asked for again. */
final class ArpOutput {

    private static final long UNKNOWN = 0;

    private final Transmitter transmitter;
    private final Counters counters;

    ArpOutput(Transmitter transmitter, Counters counters) {
        this.transmitter = transmitter;
        this.counters = counters;
    }

    /**
     * Asks for the hardware address of a neighbour.
     *
     * @param destination whom to ask: all, or the neighbour where it was last
     */
    void request(int port, long destination, int source, int target) {
        send(port, destination, Arp.REQUEST, source, UNKNOWN, target, Counter.ARP_REQUESTS_OUT);
    }

    /** Tells all where an address of ours is: a gratuitous ARP, in the form of a request (RFC 5227 section 2.3). */
    void announce(int port, int address) {
        request(port, Ethernet.BROADCAST, address, address);
    }

    /** Answers a request for an address of ours. */
    void reply(int port, int source, long targetHardware, int target) {
        send(port, targetHardware, Arp.REPLY, source, targetHardware, target, Counter.ARP_REPLIES_OUT);
    }

    private void send(
            int port, long destination, int operation, int source, long targetHardware, int target, Counter counter) {
        long at = transmitter.reserve(port, Arp.LENGTH);
        if (at < 0) {
            counters.add(Counter.TX_RING_FULL);
            return;
        }
        Arp.write(transmitter.memory(port), at, operation, transmitter.hardware(port), source, targetHardware, target);
        transmitter.commit(port, destination, Ethernet.TYPE_ARP, Arp.LENGTH, TxOffload.NONE);
        counters.add(counter);
    }
}
