package dev.jmtcp.core.tcp;

import dev.jmtcp.core.wire.Address;

/** The way to the one neighbour of a {@link FakeNetwork}, with an MTU and segmentation offload as a test wants them. */
final class FakePath extends Path {

    int mtu = 1500;
    int maxSegmentation;
    boolean ipv4 = true;

    @Override
    public int port() {
        return 0;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public int ipHeaderLength() {
        return ipv4 ? 20 : 40;
    }

    @Override
    public int maxSegmentation() {
        return maxSegmentation;
    }

    /** Whether this leads to an address: of IPv4 or of IPv6, not both. */
    boolean leadsTo(long high, long low) {
        return Address.isIpv4(high, low) == ipv4;
    }
}
