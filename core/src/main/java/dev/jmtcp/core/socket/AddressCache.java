package dev.jmtcp.core.socket;

import dev.jmtcp.core.wire.Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The halves of an address (see {@link Address}) that an application has given as an object. Remembers the last one, since to take an InetAddress apart
 * allocates. The wildcard is two zeroes. Belongs to the stack's thread.
 */
final class AddressCache {

    private @Nullable InetSocketAddress last;
    long high;
    long low;

    /** Sets {@link #high} and {@link #low}. */
    @SuppressWarnings("ReferenceEquality") // it only has to know the object that it has seen last
    void set(InetSocketAddress address) throws MtcpException {
        if (address == last) {
            return;
        }
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new MtcpException(Errno.EINVAL, "unresolved address " + address);
        }
        last = address;
        high = high(host);
        low = low(host);
    }

    static long high(InetAddress address) {
        return address.isAnyLocalAddress() ? 0 : Address.high(address);
    }

    static long low(InetAddress address) {
        return address.isAnyLocalAddress() ? 0 : Address.low(address);
    }

    /** The address as an object; the IPv4 wildcard for two zeroes. */
    static InetSocketAddress object(long high, long low, int port) {
        boolean any = high == 0 && low == 0;
        return new InetSocketAddress(Address.toInetAddress(high, any ? Address.ofIpv4(0) : low), port);
    }
}
