package dev.jmtcp.core.socket;

import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.tcp.LocalPorts;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.spi.Rss;
import dev.jmtcp.spi.Toeplitz;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The local ports of connections whose segments arrive on one core, computed as the devices do: by the Toeplitz hash of what the peer sends. A device that does not
 * spread packets has them arrive on core 0. For any thread.
 */
final class RssPorts implements LocalPorts {

    private final int core;
    private final List<InterfaceConfig> interfaces;
    private final @Nullable Toeplitz[] hashes;
    private final @Nullable Rss[] spreads;

    private RssPorts(int core, List<InterfaceConfig> interfaces) {
        this.core = core;
        this.interfaces = interfaces;
        hashes = new Toeplitz[interfaces.size()];
        spreads = new Rss[interfaces.size()];
        for (int i = 0; i < interfaces.size(); i++) {
            Rss rss = interfaces.get(i).capabilities().rss().orElse(null);
            if (rss != null) {
                spreads[i] = rss;
                hashes[i] = new Toeplitz(rss.key());
            }
        }
    }

    /** Those of one core of several. */
    static LocalPorts of(int core, int cores, List<InterfaceConfig> interfaces) {
        return cores == 1 ? LocalPorts.ANY : new RssPorts(core, interfaces);
    }

    @Override
    public boolean arriveHere(
            long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        boolean ipv4 = Address.isIpv4(localHigh, localLow);
        for (int i = 0; i < spreads.length; i++) {
            if (ipv4 && !interfaces.get(i).owns(Address.ipv4(localLow))) {
                continue;
            }
            Rss spread = spreads[i];
            Toeplitz toeplitz = hashes[i];
            if (spread == null || toeplitz == null) {
                return core == 0;
            }
            int hash = ipv4
                    ? toeplitz.hash(Address.ipv4(remoteLow), Address.ipv4(localLow), remotePort, localPort)
                    : toeplitz.hash(remoteHigh, remoteLow, localHigh, localLow, remotePort, localPort);
            return spread.queueOf(hash) == core;
        }
        return core == 0;
    }
}
