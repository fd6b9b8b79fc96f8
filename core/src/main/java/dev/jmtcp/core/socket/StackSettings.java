package dev.jmtcp.core.socket;

import dev.jmtcp.core.buffer.ChunkPool;
import dev.jmtcp.core.config.Cidr;
import dev.jmtcp.core.config.ConfigException;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.config.StaticRoute;
import dev.jmtcp.core.config.TcpConfig;
import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.ip.Ipv4Config;
import dev.jmtcp.core.ip.Prefix;
import dev.jmtcp.core.ip.Route;
import dev.jmtcp.core.link.NeighbourConfig;
import dev.jmtcp.core.link.StaticNeighbour;
import dev.jmtcp.core.stack.StackConfig;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.spi.Port;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/** What a configuration means to a stack. */
final class StackSettings {

    private StackSettings() {}

    /**
     * The settings of each core's stack.
     *
     * @param ports the open ports
     * @throws ConfigException if a port has no address, or a route goes by a port that is not open
     */
    static StackConfig of(JmtcpConfig config, List<Port> ports) {
        List<InterfaceConfig> interfaces =
                ports.stream().map(port -> interfaceOf(config, port)).toList();
        List<Route> routes = config.routes().stream()
                .map(route -> routeOf(config, route, ports))
                .toList();
        List<StaticNeighbour> neighbours = config.neighbors().stream()
                .map(neighbour -> new StaticNeighbour(prefix(neighbour.addresses()), neighbour.mac()))
                .toList();
        TcpConfig tcp = config.tcp();
        // A buffer takes whole chunks.
        long buffers = config.maxNumBuffers()
                * ((long) Math.max(tcp.receiveBuffer(), ChunkPool.DEFAULT_CHUNK_SIZE)
                        + Math.max(tcp.sendBuffer(), ChunkPool.DEFAULT_CHUNK_SIZE));
        return new StackConfig(
                tcp(tcp, config.maxConcurrency()),
                new Ipv4Config(interfaces, routes),
                new NeighbourConfig(neighbours),
                buffers,
                config.burst());
    }

    private static InterfaceConfig interfaceOf(JmtcpConfig config, Port port) {
        List<Prefix> addresses = config.addresses(port.name()).stream()
                .map(StackSettings::prefix)
                .toList();
        return new InterfaceConfig(port.index(), port.mac(), port.mtu(), port.capabilities(), addresses);
    }

    private static Route routeOf(JmtcpConfig config, StaticRoute route, List<Port> ports) {
        int index = ports.stream()
                .filter(port -> port.name().equals(route.port()))
                .mapToInt(Port::index)
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        config.setting("port").map(setting -> setting.file()).orElse(""),
                        0,
                        "route",
                        "the route to " + route.destination() + " goes by port " + route.port() + ", which is not open",
                        "one of " + ports.stream().map(Port::name).toList()));
        return new Route(
                prefix(route.destination()),
                route.gateway().map(StackSettings::ipv4).orElse(0),
                index);
    }

    private static Prefix prefix(Cidr cidr) {
        return new Prefix(ipv4(cidr.address()), cidr.prefixLength());
    }

    private static int ipv4(InetAddress address) {
        return Address.ipv4(Address.low(address));
    }

    static TcpSettings tcp(TcpConfig config, int maxConnections) {
        return TcpSettings.DEFAULTS
                .with()
                .receiveBuffer(config.receiveBuffer())
                .sendBuffer(config.sendBuffer())
                .maxConnections(maxConnections)
                .congestionControl(config.congestion().name().toLowerCase(Locale.ROOT))
                .initialWindow(config.initialWindow())
                .windowScaling(config.windowScaling())
                .timestamps(config.timestamps())
                .sack(config.sack())
                .rack(config.rack())
                .tailLossProbe(config.tailLossProbe())
                .frto(config.frto())
                .hyStart(config.hyStart())
                .noDelay(!config.nagle())
                .delayedAck(config.delayedAck())
                .minRto(config.minRto())
                .maxRto(config.maxRto())
                .initialRto(config.initialRto())
                .retries(config.maxRetries())
                .synRetries(config.synRetries())
                .synAckRetries(config.synAckRetries())
                .timeWait(config.timeWait())
                .finTimeout(config.finWait2Timeout())
                .idleTimeout(config.idleTimeout() == 0 ? -1 : config.idleTimeout())
                .keepAlive(config.keepalive())
                .keepAliveIdle(config.keepaliveTime())
                .keepAliveInterval(config.keepaliveInterval())
                .keepAliveProbes(config.keepaliveProbes())
                .hopLimit(config.hopLimit())
                .portLow(config.firstLocalPort())
                .portHigh(config.lastLocalPort())
                .challengeAcksPerSecond(config.challengeAcks())
                .ecn(TcpSettings.Ecn.valueOf(config.ecn().name()))
                .synCookies(TcpSettings.SynCookies.valueOf(config.synCookies().name()))
                .build();
    }
}
