package dev.jmtcp.core.ip;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Finds the next hop, and sends datagrams that nobody remembers: what cannot go out now is dropped and counted. */
final class Ipv4Output {

    /** The TTL of what IP itself sends (RFC 1122 section 3.2.1.7; RFC 1340). */
    static final int DEFAULT_TTL = 64;

    private final RoutingTable routes;
    private final LinkOutput link;
    private final Identification identification;
    private final Counters counters;

    Ipv4Output(RoutingTable routes, LinkOutput link, RandomGenerator random, Counters counters) {
        this.routes = routes;
        this.link = link;
        this.identification = new Identification(random);
        this.counters = counters;
    }

    /** The next hop on the way to a destination that is a host elsewhere; null if there is no route. */
    @Nullable
    NextHop nextHop(int destination) {
        int route = routes.lookup(destination);
        return route == RoutingTable.NONE ? null : link.nextHop(routes.port(route), routes.nextHop(route, destination));
    }

    /**
     * Sends a datagram, in fragments if it is longer than the MTU.
     *
     * @param payload holds what follows the IP header, in a place where it stays during this call
     * @param length its bytes
     * @return whether all of it was sent or kept to be sent
     */
    boolean send(
            int source,
            int destination,
            int trafficClass,
            int protocol,
            MemorySegment payload,
            long offset,
            int length) {
        NextHop hop = nextHop(destination);
        if (hop == null) {
            counters.add(Counter.IP_NO_ROUTE);
            return false;
        }
        int id = identification.next(source, destination, protocol);
        MemorySegment memory = link.memory(hop.port());
        int largest = hop.mtu() - Ipv4.HEADER_LENGTH;
        int sent = 0;
        do {
            int remaining = length - sent;
            int piece = remaining <= largest ? remaining : largest & ~7;
            int fragmentation = sent >>> 3 | (piece < remaining ? Ipv4.MF : 0);
            int totalLength = Ipv4.HEADER_LENGTH + piece;
            long at = link.reserveQueued(hop, totalLength);
            if (at < 0) {
                counters.add(Counter.TX_RING_FULL);
                return false;
            }
            Ipv4.write(
                    memory,
                    at,
                    trafficClass,
                    totalLength,
                    id,
                    fragmentation,
                    DEFAULT_TTL,
                    protocol,
                    source,
                    destination,
                    true);
            MemorySegment.copy(payload, offset + sent, memory, at + Ipv4.HEADER_LENGTH, piece);
            link.commit(hop, totalLength, TxOffload.NONE);
            sent += piece;
        } while (sent < length);
        return true;
    }
}
