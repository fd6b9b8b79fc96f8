package dev.jmtcp.core.tcp;

import java.lang.foreign.MemorySegment;

/**
 * What the layers below tell TCP. Called on the stack's thread during a turn. Addresses are pairs of longs, see
 * {@link dev.jmtcp.core.wire.Address}.
 */
public interface SegmentInput {

    /** Whether it helps to be told by {@link #expect} what segments a burst holds. */
    default boolean looksAhead() {
        return false;
    }

    /** A segment with these addresses and ports will probably follow in this burst. Nothing has been checked. */
    default void expect(
            long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {}

    /** All segments of the burst have been told: what they concern may be brought near. */
    default void lookAhead() {}

    /** The kinds of ICMP errors that concern TCP, without regard to the IP version. */
    enum IcmpError {
        NETWORK_UNREACHABLE,
        HOST_UNREACHABLE,
        PROTOCOL_UNREACHABLE,
        PORT_UNREACHABLE,
        PACKET_TOO_BIG,
        SOURCE_ROUTE_FAILED,
        PROHIBITED,
        TIME_EXCEEDED,
        PARAMETER_PROBLEM
    }

    /**
     * A TCP segment whose checksum is right, from an acceptable source to a unicast address of this stack.
     *
     * @param memory where it lies; to be read during this call only
     * @param offset where its TCP header begins
     * @param length the bytes of TCP header and payload
     * @param trafficClass DSCP and ECN as received
     * @param now the time in nanoseconds
     */
    void segment(
            MemorySegment memory,
            long offset,
            int length,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int trafficClass,
            long now);

    /**
     * An ICMP error about a segment that this stack sent; addresses, ports and sequence number are those quoted in it.
     *
     * @param mtu the next hop's MTU for {@link IcmpError#PACKET_TOO_BIG} (0 if the router did not say), else 0
     */
    void icmpError(
            IcmpError error,
            int mtu,
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort,
            int seq,
            long now);

    /** The neighbour of this path has answered: segments can be sent. */
    void pathReady(Path path, long now);

    /** The neighbour of this path does not answer. */
    void pathFailed(Path path, long now);
}
