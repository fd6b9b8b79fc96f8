package dev.jmtcp.spi;

/** What a device says of a received frame: bits of {@link FrameBurst#flags}. Neither good nor bad means: not checked. */
public final class RxFlags {

    /** The IPv4 header checksum was checked and is right. */
    public static final int IP_CHECKSUM_GOOD = 1;

    /** The IPv4 header checksum was checked and is wrong. */
    public static final int IP_CHECKSUM_BAD = 1 << 1;

    /** The TCP checksum was checked and is right, or cannot be wrong because the frame never left the machine. */
    public static final int TCP_CHECKSUM_GOOD = 1 << 2;

    /** The TCP checksum was checked and is wrong. */
    public static final int TCP_CHECKSUM_BAD = 1 << 3;

    /** {@link FrameBurst#hash} holds the RSS hash. */
    public static final int HASH_VALID = 1 << 4;

    /** The frame is several TCP segments coalesced and may be longer than the MTU. */
    public static final int COALESCED = 1 << 5;

    private RxFlags() {}
}
