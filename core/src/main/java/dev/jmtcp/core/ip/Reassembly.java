package dev.jmtcp.core.ip;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.timer.Timer;
import dev.jmtcp.core.timer.TimerWheel;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.core.wire.TcpHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Puts datagrams together from their fragments (RFC 791 section 3.2, RFC 815), within {@link ReassemblyLimits}. Belongs to the stack's
 * thread; allocates nothing after construction.
 *
 * <p>Fragments are kept apart, in order of offset, until all are there. One that overlaps another condemns the whole datagram (RFC 5722
 * section 3, which IPv4 has no less reason for), except an exact duplicate, which is ignored (RFC 8200 section 4.5). So the payload is
 * complete when as many bytes have come as the last fragment says there are.
 */
final class Reassembly {

    private static final int MORE_TO_COME = 0;

    private final int fragmentsPerDatagram;
    private final long timeout;
    private final TimerWheel timers;
    private final Counters counters;
    private final Icmpv4Layer icmp;

    private final Datagram[] datagrams;
    private final Fragments fragments;

    /** The headers of the fragments at offset 0, by datagram. */
    private final MemorySegment headers;

    /** The packet put together last. */
    private final MemorySegment packet;

    private final Timer timer = new Timer() {
        @Override
        protected void expired(long now) {
            expire(now);
        }
    };

    /**
     * @param largestMtu the largest MTU of all ports
     * @param icmp is told to send Time Exceeded
     */
    Reassembly(ReassemblyLimits limits, int largestMtu, TimerWheel timers, Counters counters, Icmpv4Layer icmp) {
        fragmentsPerDatagram = limits.fragmentsPerDatagram();
        timeout = limits.timeout().toNanos();
        this.timers = timers;
        this.counters = counters;
        this.icmp = icmp;
        datagrams = new Datagram[limits.datagrams()];
        for (int i = 0; i < datagrams.length; i++) {
            datagrams[i] = new Datagram(i);
        }
        fragments = new Fragments(limits.fragments(), largestMtu - Ipv4.HEADER_LENGTH);
        headers = Arena.ofAuto().allocate((long) limits.datagrams() * Ipv4.MAX_HEADER_LENGTH);
        packet = Arena.ofAuto().allocate(Ipv4.MAX_TOTAL_LENGTH);
    }

    /** Where {@link #add} puts a complete packet, from offset 0; until the next call. */
    MemorySegment packet() {
        return packet;
    }

    /**
     * Takes a fragment whose header has been checked.
     *
     * @param header where its IP header begins
     * @param passedOn whether it came by way of another core, which sends the errors about it
     * @param now the time in nanoseconds
     * @return the bytes of the whole packet now in {@link #packet}, IP header included; 0 if it is not complete
     */
    int add(MemorySegment memory, long header, int headerLength, int totalLength, boolean passedOn, long now) {
        counters.add(Counter.IP_FRAGMENTS_IN);
        int fragmentation = Ipv4.fragmentation(memory, header);
        int offset = Ipv4.fragmentOffset(fragmentation);
        int length = totalLength - headerLength;
        boolean last = (fragmentation & Ipv4.MF) == 0;
        int protocol = Ipv4.protocol(memory, header);
        if (length == 0
                || !last && length % 8 != 0
                || headerLength + offset + length > Ipv4.MAX_TOTAL_LENGTH
                || isTiny(protocol, offset, length)) {
            counters.add(Counter.IP_MALFORMED);
            return MORE_TO_COME;
        }
        if (length > fragments.capacity()) {
            counters.add(Counter.IP_FRAGMENT_LIMIT);
            return MORE_TO_COME;
        }
        Datagram datagram = find(
                Ipv4.source(memory, header),
                Ipv4.destination(memory, header),
                protocol,
                Ipv4.identification(memory, header),
                passedOn,
                now);
        if (datagram.condemned) {
            counters.add(Counter.IP_FRAGMENT_OVERLAP);
            return MORE_TO_COME;
        }
        if (!insert(datagram, memory, header + headerLength, offset, length, last)) {
            return MORE_TO_COME;
        }
        if (offset == 0) {
            datagram.headerLength = headerLength;
            MemorySegment.copy(memory, header, headers, headerAt(datagram), headerLength);
        }
        datagram.congested |= (Ipv4.trafficClass(memory, header) & Ipv4.CE) == Ipv4.CE;
        return datagram.received == datagram.end ? assemble(datagram) : MORE_TO_COME;
    }

    /** Whether a TCP header is cut, which serves only to deceive filters (RFC 1858 section 3, RFC 3128 section 2). */
    private static boolean isTiny(int protocol, int offset, int length) {
        return protocol == Ipv4.PROTOCOL_TCP
                && (offset == 0 ? length < TcpHeader.MIN_LENGTH : offset < TcpHeader.MIN_LENGTH);
    }

    /** Keeps a fragment, or counts why not. */
    private boolean insert(Datagram datagram, MemorySegment memory, long at, int offset, int length, boolean last) {
        int before = Fragments.NONE;
        int after = datagram.first;
        while (after != Fragments.NONE && fragments.offset(after) < offset) {
            before = after;
            after = fragments.next(after);
        }
        int end = offset + length;
        if (after != Fragments.NONE
                && fragments.offset(after) == offset
                && fragments.length(after) == length
                && last == (datagram.end == end)) {
            counters.add(Counter.IP_FRAGMENT_DUPLICATE);
            return false;
        }
        boolean overlaps = before != Fragments.NONE && fragments.end(before) > offset
                || after != Fragments.NONE && end > fragments.offset(after);
        boolean contradicts = last
                ? datagram.end >= 0 && datagram.end != end || after != Fragments.NONE
                : datagram.end >= 0 && end >= datagram.end;
        if (overlaps || contradicts) {
            condemn(datagram, Counter.IP_FRAGMENT_OVERLAP);
            return false;
        }
        if (datagram.count == fragmentsPerDatagram) {
            condemn(datagram, Counter.IP_FRAGMENT_LIMIT);
            return false;
        }
        if (fragments.isFull() && !evictOther(datagram)) {
            counters.add(Counter.IP_FRAGMENT_LIMIT);
            return false;
        }
        int fragment = fragments.take(memory, at, offset, length);
        fragments.next(fragment, after);
        if (before == Fragments.NONE) {
            datagram.first = fragment;
        } else {
            fragments.next(before, fragment);
        }
        datagram.count++;
        datagram.received += length;
        if (last) {
            datagram.end = end;
        }
        return true;
    }

    private int assemble(Datagram datagram) {
        int headerLength = datagram.headerLength;
        int totalLength = headerLength + datagram.end;
        if (totalLength > Ipv4.MAX_TOTAL_LENGTH) {
            drop(datagram, Counter.IP_MALFORMED);
            return MORE_TO_COME;
        }
        MemorySegment.copy(headers, headerAt(datagram), packet, 0, headerLength);
        for (int fragment = datagram.first; fragment != Fragments.NONE; fragment = fragments.next(fragment)) {
            fragments.copyTo(packet, headerLength + fragments.offset(fragment), fragment);
        }
        Ipv4.makeWhole(packet, 0, headerLength, totalLength);
        int trafficClass = Ipv4.trafficClass(packet, 0);
        if (datagram.congested && (trafficClass & Ipv4.CE) != 0) {
            // RFC 3168 section 5.3: congestion met by a fragment is met by the whole.
            Ipv4.trafficClass(packet, 0, headerLength, trafficClass | Ipv4.CE);
        }
        counters.add(Counter.IP_REASSEMBLED);
        release(datagram);
        return totalLength;
    }

    /** The datagram that a fragment belongs to, or a new one. */
    private Datagram find(int source, int destination, int protocol, int identification, boolean passedOn, long now) {
        Datagram idle = null;
        for (Datagram datagram : datagrams) {
            if (datagram.is(source, destination, protocol, identification)) {
                return datagram;
            }
            if (!datagram.active) {
                idle = datagram;
            }
        }
        if (idle == null) {
            idle = datagrams[0];
            for (Datagram datagram : datagrams) {
                if (datagram.deadline - idle.deadline < 0) {
                    idle = datagram;
                }
            }
            drop(idle, Counter.IP_FRAGMENT_LIMIT);
        }
        idle.begin(source, destination, protocol, identification, passedOn, now + timeout);
        if (!timer.isArmed()) {
            timers.schedule(timer, idle.deadline);
        }
        return idle;
    }

    /** Gives up the oldest datagram but one, of those that hold fragments. */
    private boolean evictOther(Datagram spared) {
        Datagram oldest = null;
        for (Datagram datagram : datagrams) {
            if (datagram.active
                    && datagram.count > 0
                    && datagram.index != spared.index
                    && (oldest == null || datagram.deadline - oldest.deadline < 0)) {
                oldest = datagram;
            }
        }
        if (oldest == null) {
            return false;
        }
        drop(oldest, Counter.IP_FRAGMENT_LIMIT);
        return true;
    }

    /** Throws away what is kept of a datagram, the fragment at hand, and all that will still come of it until its time is up. */
    private void condemn(Datagram datagram, Counter reason) {
        counters.add(reason, datagram.count + 1L);
        fragments.release(datagram.first);
        datagram.first = Fragments.NONE;
        datagram.count = 0;
        datagram.condemned = true;
    }

    private void drop(Datagram datagram, Counter reason) {
        counters.add(reason, datagram.count);
        release(datagram);
    }

    private void release(Datagram datagram) {
        fragments.release(datagram.first);
        datagram.first = Fragments.NONE;
        datagram.count = 0;
        datagram.active = false;
    }

    private void expire(long now) {
        Datagram nextToExpire = null;
        for (Datagram datagram : datagrams) {
            if (datagram.active && datagram.deadline - now <= 0) {
                giveUp(datagram, now);
            } else if (datagram.active && (nextToExpire == null || datagram.deadline - nextToExpire.deadline < 0)) {
                nextToExpire = datagram;
            }
        }
        if (nextToExpire != null) {
            timers.schedule(timer, nextToExpire.deadline);
        }
    }

    private void giveUp(Datagram datagram, long now) {
        if (datagram.headerLength > 0 && !datagram.condemned && !datagram.passedOn) {
            // RFC 1122 section 3.3.2: only if the fragment at offset 0 has come.
            int headerLength = datagram.headerLength;
            MemorySegment.copy(headers, headerAt(datagram), packet, 0, headerLength);
            fragments.copyTo(packet, headerLength, datagram.first);
            icmp.reassemblyTimedOut(packet, headerLength, headerLength + fragments.length(datagram.first), now);
        }
        drop(datagram, Counter.IP_FRAGMENT_TIMEOUT);
    }

    private static long headerAt(Datagram datagram) {
        return (long) datagram.index * Ipv4.MAX_HEADER_LENGTH;
    }
}
