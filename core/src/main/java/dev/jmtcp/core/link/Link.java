package dev.jmtcp.core.link;

import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.ip.Ipv4Layer;
import dev.jmtcp.core.ip.LinkOutput;
import dev.jmtcp.core.ip.NextHop;
import dev.jmtcp.core.ip.Prefix;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.timer.TimerWheel;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ethernet in and out for all ports of one core's {@link PacketQueue}. Belongs to the stack's thread; allocates nothing once the neighbours are
 * known.
 */
public final class Link implements LinkOutput {

    /** By port; null where IP does not use the port. */
    private final @Nullable InterfaceConfig[] interfaces;

    private final Transmitter transmitter;
    private final Neighbours neighbours;
    private final ArpOutput arpOutput;
    private final ArpInput arpInput;
    private final Counters counters;

    @SuppressWarnings("NullAway.Init") // by start(), before the first packet
    private Ipv4Layer ip;

    private Siblings siblings = Siblings.NONE;

    /**
     * @param queue the core's queues
     * @param interfaces the ports that have addresses
     */
    public Link(
            PacketQueue queue,
            List<InterfaceConfig> interfaces,
            NeighbourConfig config,
            TimerWheel timers,
            Counters counters) {
        this.counters = counters;
        int ports = 0;
        int largestMtu = Ipv4.MIN_MTU;
        for (InterfaceConfig each : interfaces) {
            ports = Math.max(ports, each.port() + 1);
            largestMtu = Math.max(largestMtu, each.mtu());
        }
        this.interfaces = new InterfaceConfig[ports];
        for (InterfaceConfig each : interfaces) {
            this.interfaces[each.port()] = each;
        }
        transmitter = new Transmitter(queue, interfaces, counters);
        arpOutput = new ArpOutput(transmitter, counters);
        var waiting =
                new WaitingPackets(transmitter, config.waitingPerNeighbour(), config.waiting(), largestMtu, counters);
        neighbours = new Neighbours(config, this.interfaces, transmitter, waiting, arpOutput, timers, counters);
        arpInput = new ArpInput(neighbours, arpOutput, counters);
    }

    /** Says who takes packets, for a stack that is alone on its ports; to be called once, before anything is received. */
    public void start(Ipv4Layer ip) {
        start(ip, Siblings.NONE);
    }

    /** Says who takes packets, and who shares the ports; to be called once, before anything is received. */
    public void start(Ipv4Layer ip, Siblings siblings) {
        this.ip = ip;
        this.siblings = siblings;
        neighbours.start(ip);
    }

    /** Tells the neighbours of all ports our addresses, by gratuitous ARP; one core does so, when it starts. */
    public void announce() {
        for (InterfaceConfig each : interfaces) {
            if (each != null) {
                for (Prefix prefix : each.addresses()) {
                    arpOutput.announce(each.port(), prefix.address());
                }
            }
        }
    }

    /**
     * Begins a turn: what happens until the next call happens at this time.
     *
     * @param now the time in nanoseconds
     */
    public void begin(long now) {
        neighbours.now(now);
    }

    /**
     * Takes the frames of a burst, which are not touched any more afterwards.
     *
     * @param port the port's index
     * @param now the time in nanoseconds
     */
    public void receive(int port, FrameBurst burst, long now) {
        neighbours.now(now);
        MemorySegment memory = burst.memory();
        long bytes = 0;
        ip.lookAhead(burst, Ethernet.HEADER_LENGTH);
        for (int i = 0; i < burst.count(); i++) {
            int length = burst.length(i);
            bytes += length;
            frame(port, memory, burst.offset(i), length, burst.flags(i), now);
        }
        counters.add(Counter.RX_FRAMES, burst.count());
        counters.add(Counter.RX_BYTES, bytes);
    }

    /**
     * Takes a frame that the stack of another core has passed on.
     *
     * @param now the time in nanoseconds
     */
    public void receivePassedOn(int port, MemorySegment memory, long offset, int length, long now) {
        InterfaceConfig ingress = port < interfaces.length ? interfaces[port] : null;
        if (ingress == null || length < Ethernet.HEADER_LENGTH) {
            return;
        }
        neighbours.now(now);
        long payload = offset + Ethernet.HEADER_LENGTH;
        int payloadLength = length - Ethernet.HEADER_LENGTH;
        if (Ethernet.type(memory, offset) == Ethernet.TYPE_ARP) {
            arpInput.learn(ingress, memory, payload, now);
        } else {
            ip.receivePassedOn(memory, payload, payloadLength, now);
        }
    }

    private void frame(int port, MemorySegment memory, long offset, int length, int flags, long now) {
        if (length < Ethernet.HEADER_LENGTH) {
            counters.add(Counter.FRAME_TOO_SHORT);
            return;
        }
        InterfaceConfig ingress = port < interfaces.length ? interfaces[port] : null;
        long destination = Ethernet.destination(memory, offset);
        boolean broadcast = destination == Ethernet.BROADCAST;
        if (ingress == null || !broadcast && destination != transmitter.hardware(port)) {
            counters.add(Counter.FRAME_NOT_FOR_US);
            return;
        }
        long payload = offset + Ethernet.HEADER_LENGTH;
        int payloadLength = length - Ethernet.HEADER_LENGTH;
        switch (Ethernet.type(memory, offset)) {
            case Ethernet.TYPE_IPV4 -> {
                if (ip.receive(memory, payload, payloadLength, flags, broadcast, now)) {
                    siblings.tell(port, memory, offset, length);
                }
            }
            case Ethernet.TYPE_ARP -> {
                if (arpInput.receive(ingress, memory, payload, payloadLength, now)) {
                    siblings.tell(port, memory, offset, length);
                }
            }
            default -> counters.add(Counter.ETHERTYPE_UNKNOWN);
        }
    }

    /** How many neighbours are known, or looked for. */
    public int neighbourCount() {
        return neighbours.size();
    }

    @Override
    public NextHop nextHop(int port, int address) {
        return neighbours.nextHop(port, address);
    }

    @Override
    public MemorySegment memory(int port) {
        return transmitter.memory(port);
    }

    @Override
    public long reserve(NextHop hop, int length) {
        Neighbour neighbour = ((Neighbour) hop).owner;
        if (neighbour.isReady()) {
            neighbour.used = true;
        } else {
            long outcome = neighbours.resolve((Neighbour) hop, true);
            if (outcome != Neighbours.READY) {
                return outcome;
            }
        }
        return transmitter.reserve(neighbour.port(), length);
    }

    @Override
    public long reserveQueued(NextHop hop, int length) {
        return transmitter.reserve(hop.port(), length);
    }

    @Override
    public void commit(NextHop hop, int length, long offload) {
        Neighbour neighbour = ((Neighbour) hop).owner;
        if (neighbour.isReady()) {
            neighbour.used = true;
            transmitter.commit(neighbour.port(), neighbour.hardware, Ethernet.TYPE_IPV4, length, offload);
        } else {
            neighbours.commit((Neighbour) hop, length, offload);
        }
    }

    @Override
    public void doubt(NextHop hop) {
        neighbours.doubt((Neighbour) hop);
    }
}
