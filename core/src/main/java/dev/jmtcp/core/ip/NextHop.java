package dev.jmtcp.core.ip;

import dev.jmtcp.core.tcp.Path;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.spi.Offload;

/** A path by way of an IPv4 neighbour; the link layer adds what it knows of it. Belongs to the stack's thread. */
public abstract class NextHop extends Path {

    private final int port;
    private final int mtu;
    private final int maxSegmentation;
    private final boolean checksumOffload;
    private final int address;
    private final int source;

    /**
     * @param egress the interface that the neighbour is reached by
     * @param address the neighbour's IPv4 address
     */
    protected NextHop(InterfaceConfig egress, int address) {
        this.port = egress.port();
        this.mtu = egress.mtu();
        this.address = address;
        this.source = egress.sourceFor(address);
        this.checksumOffload = egress.capabilities().has(Offload.TX_TCP_CHECKSUM);
        int largestPacket =
                Math.min(egress.capabilities().maxTsoFrame() - Ethernet.HEADER_LENGTH, Ipv4.MAX_TOTAL_LENGTH);
        this.maxSegmentation = Math.max(0, largestPacket - Ipv4.HEADER_LENGTH);
    }

    @Override
    public final int port() {
        return port;
    }

    @Override
    public final int mtu() {
        return mtu;
    }

    @Override
    public final int ipHeaderLength() {
        return Ipv4.HEADER_LENGTH;
    }

    @Override
    public final int maxSegmentation() {
        return maxSegmentation;
    }

    /** The neighbour's IPv4 address. */
    public final int address() {
        return address;
    }

    /** The stack's address to send from on this path. */
    public final int source() {
        return source;
    }

    /** Whether the device fills in TCP checksums. */
    final boolean checksumOffload() {
        return checksumOffload;
    }

    @Override
    public final String toString() {
        return Ipv4.toString(address) + " on port " + port;
    }
}
