package dev.jmtcp.core.tcp;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What TCP needs from the layers below: a way to a destination, room for a segment in a driver's frame, and the IP and Ethernet headers
 * around it. Addresses are pairs of longs, see {@link dev.jmtcp.core.wire.Address}. Belongs to the stack's thread; allocates nothing once
 * warm.
 *
 * <p>To send: {@link #reserve}, write the TCP header (checksum field 0) and payload at the offset in {@link #memory}, then {@link #commit}.
 */
public interface Network {

    /** The transmit ring is full: try again in the next turn. */
    long FULL = -1;

    /** The neighbour's hardware address is not known yet; it has been asked for: wait for {@link SegmentInput#pathReady}. */
    long UNRESOLVED = -2;

    /** The way to a destination, or null if there is no route. */
    @Nullable
    Path path(long remoteHigh, long remoteLow);

    /** The high half of the local address to use on a path. */
    long sourceHigh(Path path);

    /** The low half of the local address to use on a path. */
    long sourceLow(Path path);

    /** Whether this is one of the stack's own unicast addresses. */
    boolean isLocal(long high, long low);

    /** Whether a TCP connection can have this remote address: neither unspecified, multicast, broadcast (also of a subnet) nor loopback. */
    boolean isUnicast(long high, long low);

    /** The memory in which segments on this path are built; the same object for the same driver port. */
    MemorySegment memory(Path path);

    /**
     * Reserves a frame.
     *
     * @param length the most bytes of TCP header and payload that will be written
     * @return where in {@link #memory} the TCP header begins, or {@link #FULL}, or {@link #UNRESOLVED}
     */
    long reserve(Path path, int length);

    /**
     * Reserves a frame for a segment that nobody will send again: while the neighbour's hardware address is not known a copy of it is kept, for a while.
     *
     * @param length the most bytes of TCP header and payload that will be written; together with the IP header at most the path's MTU
     * @return where in {@link #memory} the TCP header begins, or {@link #FULL}
     */
    long reserveQueued(Path path, int length);

    /**
     * Completes and queues the frame reserved last on this path: IP header (DF set, RFC 1191), TCP checksum in software or by the device,
     * Ethernet header.
     *
     * @param length the bytes of TCP header and payload
     * @param trafficClass DSCP and ECN: the IPv4 TOS octet
     * @param hopLimit the TTL
     * @param segmentSize the payload bytes of each segment the device is to make of this frame; 0 for none
     */
    void commit(
            Path path,
            long localHigh,
            long localLow,
            long remoteHigh,
            long remoteLow,
            int length,
            int trafficClass,
            int hopLimit,
            int segmentSize);

    /** Tells that the next hop seems dead (RFC 9293 section 3.8.3, R1): its hardware address is checked anew. */
    void doubt(Path path);
}
