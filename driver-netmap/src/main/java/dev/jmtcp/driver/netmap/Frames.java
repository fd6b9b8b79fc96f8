package dev.jmtcp.driver.netmap;

/** Lengths of frames. */
final class Frames {

    static final int ETHERNET = 14;

    /** IEEE 802.3 clause 4.2.3.3, without the FCS. */
    static final int ETHERNET_MINIMUM = 60;

    /** A buffer holds the shortest frame at least. */
    static final int SHORTEST_BUFFER = 64;

    /** The longest frame with an IPv4 packet in it: 65535 bytes by RFC 791 section 3.1; with room for two VLAN tags. */
    static final int LONGEST = ETHERNET + 65_535 + 8;

    private Frames() {}
}
