package dev.jmtcp.driver.tap;

/**
 * How frames lie in a buffer: one behind the other, each after its virtio-net header, so that one system call takes or gives both and few cache lines
 * are in use however long the longest frame may be.
 *
 * <pre>
 *  0        8                 18            32
 *  +--------+-----------------+-------------+----------------
 *  |        | virtio-net      | Ethernet    | IP …              the next begins at a multiple of 64
 *  +--------+-----------------+-------------+----------------
 * </pre>
 */
final class Slots {

    /** Where frames begin: bytes from the slot's own beginning. The IP header is then aligned. */
    static final int FRAME = 18;

    /** Where the virtio-net header begins. */
    static final int HEADER = FRAME - VirtioNetHeader.LENGTH;

    static final int ETHERNET = 14;

    /** The longest frame with an IPv4 packet in it: 65535 bytes by RFC 791 section 3.1. */
    static final int LONGEST_FRAME = ETHERNET + 65_535;

    /** The longest frame that can come from the kernel, with room for two VLAN tags. */
    static final int LONGEST_READ = LONGEST_FRAME + 8;

    private static final int ALIGNMENT = 64;

    private Slots() {}

    /** Where the next slot begins, behind a frame of this length in the slot at this place. */
    static long next(long slot, long length) {
        return slot + FRAME + length + (ALIGNMENT - 1) & -ALIGNMENT;
    }
}
