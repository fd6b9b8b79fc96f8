package dev.jmtcp.core.socket;

import static dev.jmtcp.core.socket.Net.MILLISECOND;
import static dev.jmtcp.core.socket.Net.address;
import static dev.jmtcp.core.socket.Net.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.ip.Ipv4Config;
import dev.jmtcp.core.ip.Prefix;
import dev.jmtcp.core.link.NeighbourConfig;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.stack.CoreGroup;
import dev.jmtcp.core.stack.SimHost;
import dev.jmtcp.core.stack.Stack;
import dev.jmtcp.core.stack.StackConfig;
import dev.jmtcp.core.tcp.LocalPorts;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.driver.sim.SimPacketIo;
import dev.jmtcp.driver.sim.Simulation;
import dev.jmtcp.driver.sim.VirtualClock;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.driver.sim.WireConfig;
import dev.jmtcp.spi.PacketIoException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client of many cores: what it connects from is chosen so that the answers come back to the core that asked. */
class RssTest {

    private static final int CORES = 32;
    private static final TcpSettings SETTINGS =
            TcpSettings.DEFAULTS.with().maxConnections(100_000).build();
    private static final InetSocketAddress SERVER = address("10.0.0.1", 80);

    private final VirtualClock clock = new VirtualClock(1);
    private final Simulation simulation = new Simulation(clock);
    private final Wire wire = Wire.create(WireConfig.DEFAULT.withPlaces(40).withRing(256));
    private final List<Stack> stacks = new ArrayList<>();
    private final List<Context> cores = new ArrayList<>();
    private SimHost serverHost;
    private SimPacketIo clientIo;
    private Context server;
    private MtcpSocket listener;

    @BeforeEach
    void make() throws PacketIoException, MtcpException {
        simulation.add(wire);
        serverHost = new SimHost(wire, clock, 1, SETTINGS, 1);
        server = Context.over(serverHost.stack());
        serverHost.join(simulation);
        listener = server.socket();
        listener.bind(SERVER);
        listener.listen(100_000);
        listener.blocking(false);

        clientIo = wire.open("client", CORES, clock);
        var port = clientIo.port();
        int first = 10 << 24 | 2;
        var face = new InterfaceConfig(
                0,
                port.mac(),
                port.mtu(),
                port.capabilities(),
                List.of(new Prefix(first, 24), new Prefix(first + 1, 24), new Prefix(first + 2, 24)));
        var config = new StackConfig(
                SETTINGS,
                new Ipv4Config(List.of(face), List.of()),
                new NeighbourConfig(List.of()),
                1 << 20,
                StackConfig.DEFAULT_BURST);
        var group = new CoreGroup();
        for (int core = 0; core < CORES; core++) {
            LocalPorts ports = RssPorts.of(core, CORES, List.of(face));
            var stack =
                    new Stack(config, clientIo.queue(core), 1, new SplittableRandom(core), ports, group, clock.now());
            stacks.add(stack);
            cores.add(Context.over(stack));
            simulation.add(new Simulation.Node() {
                @Override
                public boolean step(long now) {
                    return stack.step(now);
                }

                @Override
                public long nextDeadline() {
                    return stack.nextDeadline();
                }
            });
        }
    }

    @AfterEach
    void close() {
        server.close();
        cores.forEach(Context::close);
        stacks.forEach(Stack::close);
        serverHost.close();
        clientIo.close();
        wire.close();
    }

    private MtcpSocket begin(int core) throws MtcpException {
        MtcpSocket socket = cores.get(core).socket();
        socket.blocking(false);
        socket.connect(SERVER);
        return socket;
    }

    private void allConnect(List<MtcpSocket> sockets) throws MtcpException {
        simulation.runFor(5_000 * MILLISECOND);
        for (MtcpSocket socket : sockets) {
            assertThat(socket.finishConnect()).isTrue();
        }
        for (Stack stack : stacks) {
            assertThat(stack.counters().value(Counter.TCP_NO_CONNECTION))
                    .as("segments on the wrong core")
                    .isZero();
        }
        for (int i = 0; i < sockets.size(); i++) {
            assertThat(listener.accept()).isNotNull();
        }
    }

    @Test
    void connect_withoutPool_answersArriveOnTheSameCore() throws MtcpException {
        var sockets = new ArrayList<MtcpSocket>();
        for (int core = 0; core < CORES; core++) {
            for (int i = 0; i < 10; i++) {
                sockets.add(begin(core));
            }
        }
        allConnect(sockets);
    }

    @Test
    void initRss_severalAddresses_spreadsOverAllOfThemOnTheSameCore() throws Exception {
        var sockets = new ArrayList<MtcpSocket>();
        int sum = 0;
        for (int core = 0; core < CORES; core++) {
            sum += cores.get(core).initRss(InetAddress.getByName("10.0.0.2"), 3, SERVER);
        }
        assertThat(sum).as("each pair belongs to one core").isEqualTo(3 * 64_511);
        int pool = cores.get(5).initRss(InetAddress.getByName("10.0.0.2"), 3, SERVER);
        for (int i = 0; i < pool; i++) {
            sockets.add(begin(5));
        }
        fails(Errno.EADDRNOTAVAIL, () -> begin(5));
        allConnect(sockets);
        var used = new HashSet<InetSocketAddress>();
        var addresses = new HashSet<InetAddress>();
        for (MtcpSocket socket : sockets) {
            used.add(socket.localAddress());
            addresses.add(socket.localAddress().getAddress());
        }
        assertThat(used).hasSize(pool);
        assertThat(addresses).hasSize(3);
    }

    @Test
    void initRss_wildcard_isTheAddressTowardsTheDestination() throws Exception {
        int pool = cores.get(3).initRss(InetAddress.getByName("0.0.0.0"), 1, SERVER);
        assertThat(pool).isBetween(64_511 / CORES - 200, 64_511 / CORES + 200);
        MtcpSocket socket = begin(3);
        assertThat(socket.localAddress().getAddress()).isEqualTo(InetAddress.getByName("10.0.0.2"));
        allConnect(List.of(socket));
    }

    @Test
    void initRss_poolUsedUp_aClosedConnectionMakesRoom() throws Exception {
        int pool = cores.get(1).initRss(InetAddress.getByName("0.0.0.0"), 1, SERVER);
        var sockets = new ArrayList<MtcpSocket>();
        for (int i = 0; i < pool; i++) {
            sockets.add(begin(1));
        }
        InetSocketAddress freed = sockets.get(77).localAddress();
        sockets.get(77).close();
        assertThat(begin(1).localAddress()).isEqualTo(freed);
    }

    @Test
    void initRss_otherDestination_doesNotUseThePool() throws Exception {
        cores.get(1).initRss(InetAddress.getByName("10.0.0.4"), 1, address("10.0.0.1", 81));
        assertThat(begin(1).localAddress().getAddress()).isEqualTo(InetAddress.getByName("10.0.0.2"));
    }

    @Test
    void initRss_wrongly_fails() throws Exception {
        var far = InetAddress.getByName("10.0.0.9");
        fails(Errno.EADDRNOTAVAIL, () -> cores.get(0).initRss(far, 1, SERVER));
        fails(Errno.EINVAL, () -> cores.get(0).initRss(far, 0, SERVER));
        var any = InetAddress.getByName("0.0.0.0");
        fails(Errno.ENETUNREACH, () -> cores.get(0).initRss(any, 1, address("192.0.2.1", 80)));
    }

    @Test
    void bind_portOfAnotherCore_connectFailsWithEinval() throws MtcpException {
        long low = Address.ofIpv4(10 << 24 | 2);
        LocalPorts ports = cores.get(0).tcp.localPorts();
        int port = 2000;
        while (ports.arriveHere(0, low, port, 0, Address.ofIpv4(10 << 24 | 1), 80)) {
            port++;
        }
        MtcpSocket socket = cores.get(0).socket();
        socket.bind(address("10.0.0.2", port));
        fails(Errno.EINVAL, () -> socket.connect(SERVER));
    }

    @Test
    void bind_portZero_connectTakesAnotherIfThatOneArrivesElsewhere() throws MtcpException {
        var sockets = new ArrayList<MtcpSocket>();
        for (int i = 0; i < 20; i++) {
            MtcpSocket socket = cores.get(0).socket();
            socket.blocking(false);
            socket.bind(address("10.0.0.3", 0));
            socket.connect(SERVER);
            sockets.add(socket);
        }
        allConnect(sockets);
        assertThat(sockets.get(7).localAddress().getAddress())
                .isEqualTo(address("10.0.0.3", 0).getAddress());
    }
}
