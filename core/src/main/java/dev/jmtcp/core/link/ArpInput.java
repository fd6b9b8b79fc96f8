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
     * @return whether it tells of a neighbour, which other cores want to learn too
     */
    boolean receive(InterfaceConfig ingress, MemorySegment memory, long offset, int length, long now) {
        if (!Arp.isIpv4OverEthernet(memory, offset, length)) {
            counters.add(Counter.ARP_MALFORMED);
            return false;
        }
        int operation = Arp.operation(memory, offset);
        long senderHardware = Arp.senderHardware(memory, offset);
        if (operation != Arp.REQUEST && operation != Arp.REPLY
                || senderHardware == 0
                || Ethernet.isGroup(senderHardware)) {
            counters.add(Counter.ARP_MALFORMED);
            return false;
        }
        if (senderHardware == ingress.mac().bits()) {
            // Our own, come back.
            counters.add(Counter.FRAME_NOT_FOR_US);
            return false;
        }
        int sender = Arp.senderAddress(memory, offset);
        if (ingress.owns(sender)) {
            counters.add(Counter.ARP_CONFLICTS);
            defend(ingress.port(), sender, now);
            return false;
        }
        counters.add(operation == Arp.REQUEST ? Counter.ARP_REQUESTS_IN : Counter.ARP_REPLIES_IN);
        learn(ingress, memory, offset, now);
        if (isRequestToUs(ingress, memory, offset)) {
            output.reply(ingress.port(), Arp.targetAddress(memory, offset), senderHardware, sender);
        }
        return true;
    }

    /** Takes what an ARP packet tells of its sender; also of one that another core has taken, found good, and answered. */
    void learn(InterfaceConfig ingress, MemorySegment memory, long offset, long now) {
        int sender = Arp.senderAddress(memory, offset);
        long senderHardware = Arp.senderHardware(memory, offset);
        neighbours.learn(ingress.port(), sender, senderHardware, isRequestToUs(ingress, memory, offset), now);
    }

    private static boolean isRequestToUs(InterfaceConfig ingress, MemorySegment memory, long offset) {
        return Arp.operation(memory, offset) == Arp.REQUEST && ingress.owns(Arp.targetAddress(memory, offset));
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
