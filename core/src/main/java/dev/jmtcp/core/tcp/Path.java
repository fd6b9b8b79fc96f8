package dev.jmtcp.core.tcp;

/**
 * A way to the next hop: a port of the driver and a neighbour on it. The IP layer makes and owns paths; all connections by way of the same
 * neighbour share one, and when the neighbour's hardware address changes the path changes in place. Belongs to the stack's thread.
 */
public abstract class Path {

    /** The connections that wait for the neighbour's hardware address. */
    final ReadyList waiting = new ReadyList();

    /** The driver port's index. */
    public abstract int port();

    /** The largest IP packet in bytes that the link takes, IP header included. */
    public abstract int mtu();

    /** The bytes of the IP header that segments on this path get: 20 for IPv4, 40 for IPv6. */
    public abstract int ipHeaderLength();

    /** The largest TCP payload and header that one frame may carry when the device segments it; 0 if it does not. */
    public abstract int maxSegmentation();
}
