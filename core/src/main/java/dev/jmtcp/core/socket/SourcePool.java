package dev.jmtcp.core.socket;

import dev.jmtcp.core.tcp.LocalPorts;
import dev.jmtcp.core.tcp.Network;
import dev.jmtcp.core.tcp.Path;
import dev.jmtcp.core.tcp.Tcp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * Local addresses and ports for connections to one destination whose segments arrive on this core: see {@link Context#initRss}. They are handed out in
 * turn, so that a pair just used rests as long as possible. Belongs to the stack's thread.
 */
final class SourcePool {

    /** mTCP leaves port 1024 and all below alone. */
    private static final int FIRST_PORT = 1025;

    private static final int LAST_PORT = 65_535;

    /** The index of the address and, in the lower 16 bits, the port. */
    private int[] pairs = new int[0];

    private int next;
    private long firstHigh;
    private long firstLow;
    private long remoteHigh;
    private long remoteLow;
    private int remotePort;

    /** What {@link #take} found. */
    long localHigh;

    long localLow;
    int localPort;

    int fill(Tcp tcp, InetAddress first, int count, InetSocketAddress destination) throws MtcpException {
        LocalPorts localPorts = tcp.localPorts();
        Network network = tcp.network();
        InetAddress host = destination.getAddress();
        if (count < 1 || count > 1 << 15 || host == null) {
            throw new MtcpException(Errno.EINVAL, count + " addresses for " + destination);
        }
        remoteHigh = AddressCache.high(host);
        remoteLow = AddressCache.low(host);
        remotePort = destination.getPort();
        firstHigh = AddressCache.high(first);
        firstLow = AddressCache.low(first);
        if (firstHigh == 0 && firstLow == 0) {
            Path path = network.path(remoteHigh, remoteLow);
            if (path == null) {
                throw new MtcpException(Errno.ENETUNREACH);
            }
            firstHigh = network.sourceHigh(path);
            firstLow = network.sourceLow(path);
        }
        var found = new int[count * (LAST_PORT - FIRST_PORT + 1)];
        int size = 0;
        for (int address = 0; address < count; address++) {
            if (!network.isLocal(firstHigh, firstLow + address)) {
                throw new MtcpException(
                        Errno.EADDRNOTAVAIL,
                        AddressCache.object(firstHigh, firstLow + address, 0).getAddress()
                                + " is not an address of this stack");
            }
            for (int port = FIRST_PORT; port <= LAST_PORT; port++) {
                if (localPorts.arriveHere(firstHigh, firstLow + address, port, remoteHigh, remoteLow, remotePort)) {
                    found[size++] = address << 16 | port;
                }
            }
        }
        pairs = Arrays.copyOf(found, size);
        next = 0;
        return size;
    }

    /** Whether the pool is for this destination. */
    boolean isFor(long high, long low, int port) {
        return pairs.length > 0 && port == remotePort && low == remoteLow && high == remoteHigh;
    }

    /** Finds the next pair without a connection; false if all have one. */
    boolean take(Tcp tcp) {
        for (int i = 0; i < pairs.length; i++) {
            int pair = pairs[next];
            next = next + 1 == pairs.length ? 0 : next + 1;
            localHigh = firstHigh;
            localLow = firstLow + (pair >>> 16);
            localPort = pair & 0xffff;
            if (!tcp.isConnected(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort)) {
                return true;
            }
        }
        return false;
    }
}
