package dev.jmtcp.core.link;

import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.wire.Arp;
import dev.jmtcp.core.wire.Ethernet;
import java.lang.foreign.MemorySegment;

/** Takes ARP packets (RFC 826): answers requests for our addresses, learns from what neighbours say, defends our addresses. */
final class ArpInput {

    /** The time between two defences of our addresses, in nanoseconds (RFC 5227 section 2.4). */
    private static final long DEFEND_INTERVAL = 1_000_000_000;

    private final Neighbours neighbours;
    private final ArpOutput output;
    private final Counters counters;
    private boolean defended;
    private long defendedAt;

    ArpInput(Neighbours neighbours, ArpOutput output, Counters counters) {
        this.neighbours = neighbours;
        this.output = output;
        this.counters = counters;
    }

    /**
     * Takes an ARP packet.
     *
     * @param offset where it begins
     * @param length the bytes from there to the end of the frame
     */
    void receive(InterfaceConfig ingress, MemorySegment memory, long offset, int length, long now) {
        if (!Arp.isIpv4OverEthernet(memory, offset, length)) {
            counters.add(Counter.ARP_MALFORMED);
            return;
        }
        int operation = Arp.operation(memory, offset);
        long senderHardware = Arp.senderHardware(memory, offset);
        if (operation != Arp.REQUEST && operation != Arp.REPLY
                || senderHardware == 0
                || Ethernet.isGroup(senderHardware)) {
            counters.add(Counter.ARP_MALFORMED);
            return;
        }
        if (senderHardware == ingress.mac().bits()) {
            // Our own, come back.
            counters.add(Counter.FRAME_NOT_FOR_US);
            return;
        }
        int sender = Arp.senderAddress(memory, offset);
        if (ingress.owns(sender)) {
            counters.add(Counter.ARP_CONFLICTS);
            defend(ingress.port(), sender, now);
            return;
        }
        counters.add(operation == Arp.REQUEST ? Counter.ARP_REQUESTS_IN : Counter.ARP_REPLIES_IN);
        int target = Arp.targetAddress(memory, offset);
        boolean requestToUs = operation == Arp.REQUEST && ingress.owns(target);
        neighbours.learn(ingress.port(), sender, senderHardware, requestToUs, now);
        if (requestToUs) {
            output.reply(ingress.port(), target, senderHardware, sender);
        }
    }

    /** Takes an ARP packet that came to another core, which has answered it: only what it tells of its sender counts. */
    void learn(InterfaceConfig ingress, MemorySegment memory, long offset, int length, long now) {
        if (!Arp.isIpv4OverEthernet(memory, offset, length)) {
            return;
        }
        long senderHardware = Arp.senderHardware(memory, offset);
        int sender = Arp.senderAddress(memory, offset);
        if (senderHardware != 0
                && !Ethernet.isGroup(senderHardware)
                && senderHardware != ingress.mac().bits()
                && !ingress.owns(sender)) {
            boolean requestToUs =
                    Arp.operation(memory, offset) == Arp.REQUEST && ingress.owns(Arp.targetAddress(memory, offset));
            neighbours.learn(ingress.port(), sender, senderHardware, requestToUs, now);
        }
    }

    /** Someone else uses an address of ours: says to all that it is ours, but does not quarrel without end. */
    private void defend(int port, int address, long now) {
        if (!defended || now - defendedAt >= DEFEND_INTERVAL) {
            defended = true;
            defendedAt = now;
            output.announce(port, address);
        }
    }
}
