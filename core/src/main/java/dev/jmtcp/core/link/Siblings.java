package dev.jmtcp.core.link;

import java.lang.foreign.MemorySegment;

/**
 * The stacks of the other cores on the same ports. A device spreads TCP by connection, but ARP, ICMP and fragments arrive on some one queue although
 * they concern others too: those frames are passed on.
 */
@FunctionalInterface
public interface Siblings {

    /** For a stack that is alone. */
    Siblings NONE = (_, _, _, _) -> {};

    /**
     * Passes a frame on to all others; it is copied.
     *
     * @param offset where its Ethernet header begins
     */
    void tell(int port, MemorySegment memory, long offset, int length);
}
