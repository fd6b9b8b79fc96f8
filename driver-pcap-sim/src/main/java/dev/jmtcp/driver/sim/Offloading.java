package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.Offload;
import java.util.EnumSet;

/** What work a simulated port takes off the stack: it really does it, on the thread that uses the queue. */
public enum Offloading {
    /** None: frames are not touched. */
    NONE,

    /** IPv4 and TCP checksums are filled in and checked. */
    CHECKSUM,

    /** Checksums, and TCP segments are cut and coalesced. */
    ALL;

    /** The longest frame that is cut: the largest IP packet in an Ethernet frame. */
    static final int MAXIMUM_TSO_FRAME = WireConfig.ETHERNET_HEADER + 65535;

    /** The capabilities of a port that does this beside what it does anyway. */
    Capabilities addTo(Capabilities capabilities) {
        if (this == NONE) {
            return capabilities;
        }
        var all = EnumSet.of(
                Offload.RX_IPV4_CHECKSUM, Offload.RX_TCP_CHECKSUM, Offload.TX_IPV4_CHECKSUM, Offload.TX_TCP_CHECKSUM);
        all.addAll(capabilities.offloads());
        if (this == ALL) {
            all.add(Offload.TCP_SEGMENTATION);
            all.add(Offload.TCP_COALESCING);
        }
        return new Capabilities(all, capabilities.maxQueues(), this == ALL ? MAXIMUM_TSO_FRAME : 0, capabilities.rss());
    }
}
