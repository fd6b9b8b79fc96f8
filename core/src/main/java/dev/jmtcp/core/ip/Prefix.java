package dev.jmtcp.core.ip;

import dev.jmtcp.core.wire.Ipv4;

/**
 * An IPv4 address and the length of its network's prefix.
 *
 * @param address the address, the first octet the highest byte; bits after the prefix are kept
 * @param length bits of the network, from 0 to 32
 */
public record Prefix(int address, int length) {

    /** Everything. */
    public static final Prefix ALL = new Prefix(0, 0);

    public Prefix {
        if (length < 0 || length > 32) {
            throw new IllegalArgumentException("prefix length: " + length);
        }
    }

    /** The prefix as a mask. */
    public int mask() {
        return length == 0 ? 0 : -1 << 32 - length;
    }

    /** The address with the bits after the prefix cleared. */
    public int network() {
        return address & mask();
    }

    /** The address with the bits after the prefix set; the broadcast address if {@link #hasBroadcast}. */
    public int last() {
        return address | ~mask();
    }

    /** Whether the network has a broadcast address: those of two addresses or one have none (RFC 3021). */
    public boolean hasBroadcast() {
        return length <= 30;
    }

    public boolean contains(int other) {
        return ((address ^ other) & mask()) == 0;
    }

    @Override
    public String toString() {
        return Ipv4.toString(address) + "/" + length;
    }
}
