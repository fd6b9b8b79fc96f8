package dev.jmtcp.core.ip;

import dev.jmtcp.core.tcp.Network;
import java.lang.foreign.MemorySegment;

/**
 * What IP needs of the layer below: neighbours, and frames to them. Belongs to the stack's thread; allocates nothing once a neighbour is
 * known.
 *
 * <p>To send: {@link #reserve} or {@link #reserveQueued}, write the IP packet at the offset in {@link #memory}, {@link #commit}. Nothing
 * else is to be asked of this layer in between.
 */
public interface LinkOutput {

    /** The transmit ring is full, or there is no room to look for another neighbour: try again in the next turn. */
    long FULL = Network.FULL;

    /** The neighbour's hardware address is not known yet; it has been asked for: wait for {@link Ipv4Layer#neighbourReady}. */
    long UNRESOLVED = Network.UNRESOLVED;

    /**
     * The neighbour with this address on a port: the same object while the neighbour is in use.
     *
     * @param port the index of a port that has an address
     */
    NextHop nextHop(int port, int address);

    /** The memory in which packets to be sent on this port are reserved; always the same object. */
    MemorySegment memory(int port);

    /**
     * Reserves a frame for a packet whose sender will try again.
     *
     * @param length the most bytes of the IP packet
     * @return where the IP packet begins, or {@link #FULL}, or {@link #UNRESOLVED}
     */
    long reserve(NextHop hop, int length);

    /**
     * Reserves a frame for a packet whose sender does not remember it: if the hardware address is not known, a copy is kept for a while.
     *
     * @param length the most bytes of the IP packet: at most the MTU
     * @return where the IP packet begins, or {@link #FULL}
     */
    long reserveQueued(NextHop hop, int length);

    /**
     * Queues the frame reserved last on the port of this neighbour.
     *
     * @param length the bytes of the IP packet
     * @param offload see {@link dev.jmtcp.spi.TxOffload}
     */
    void commit(NextHop hop, int length, long offload);

    /** Tells that a neighbour seems dead. */
    void doubt(NextHop hop);
}
