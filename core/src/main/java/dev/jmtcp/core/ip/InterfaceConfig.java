package dev.jmtcp.core.ip;

import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.MacAddress;
import java.util.List;

/**
 * A driver port as IP sees it.
 *
 * @param port the driver port's index
 * @param mac its hardware address
 * @param mtu the largest IP packet in bytes, at least 68
 * @param capabilities what the device does for the stack
 * @param addresses the stack's addresses on this link, each with the prefix of its network; the first is preferred as a source
 */
public record InterfaceConfig(int port, MacAddress mac, int mtu, Capabilities capabilities, List<Prefix> addresses) {

    public InterfaceConfig {
        if (port < 0) {
            throw new IllegalArgumentException("port: " + port);
        }
        if (mtu < Ipv4.MIN_MTU || mtu > Ipv4.MAX_TOTAL_LENGTH) {
            throw new IllegalArgumentException("MTU: " + mtu);
        }
        addresses = List.copyOf(addresses);
        for (Prefix prefix : addresses) {
            if (!LocalAddresses.canBeUnicast(prefix.address())
                    || prefix.hasBroadcast() && prefix.address() == prefix.last()) {
                throw new IllegalArgumentException("not an address of a host: " + prefix);
            }
        }
    }

    /** Whether this is one of the stack's addresses on this link. */
    public boolean owns(int address) {
        for (int i = 0; i < addresses.size(); i++) {
            if (addresses.get(i).address() == address) {
                return true;
            }
        }
        return false;
    }

    /** Whether an address can be that of another host on this link. */
    public boolean isNeighbour(int address) {
        boolean onLink = false;
        for (int i = 0; i < addresses.size(); i++) {
            Prefix prefix = addresses.get(i);
            if (prefix.address() == address || prefix.hasBroadcast() && prefix.last() == address) {
                return false;
            }
            onLink |= prefix.contains(address);
        }
        return onLink && LocalAddresses.canBeUnicast(address);
    }

    /** The address to send from by way of a next hop: the first in the next hop's network, or else the first (RFC 1122 section 3.3.4.3). */
    public int sourceFor(int nextHop) {
        for (int i = 0; i < addresses.size(); i++) {
            if (addresses.get(i).contains(nextHop)) {
                return addresses.get(i).address();
            }
        }
        return addresses.get(0).address();
    }
}
