package dev.jmtcp.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.socket.Errno;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpOptions;
import dev.jmtcp.core.socket.MtcpSocket;
import dev.jmtcp.core.tcp.TcpInfo;
import dev.jmtcp.interop.Network.Connection;
import dev.jmtcp.interop.Network.Opener;
import dev.jmtcp.testsupport.Namespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TCP's options on and off, sizes of packets, and paths narrower than the link. */
abstract class SettingsTests extends Suite {

    private static final int MEGABYTE = 1 << 20;

    /** So that options for bad times are used. */
    private static final String SOME_LOSS = "fault.loss = 0.5%\nfault.seed = 7";

    SettingsTests(Wire wire) {
        super(wire, Conditions.CLEAN);
    }

    @Test
    void ping_ofTheKernel_isAnswered() throws IOException {
        try (Network network = setup().open()) {
            assertThat(network.kernel.call(
                            () -> InetAddress.getByName(Network.STACK).isReachable(30_000)))
                    .isTrue();
            assertThat(network.context.connections()).isZero();
        }
    }

    @Test
    void connect_nobodyListens_isRefusedEitherWay() throws IOException {
        try (Network network = setup().open()) {
            assertThatThrownBy(network::connectFromKernel).hasStackTraceContaining("Connection refused");
            assertThatThrownBy(() -> network.connect(Network.PORT))
                    .isInstanceOfSatisfying(
                            MtcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECONNREFUSED));
        }
    }

    @Test
    void connect_hostThatIsNotThere_isUnreachable() throws IOException {
        try (Network network = setup().open();
                MtcpSocket socket = network.context.socket()) {
            assertThatThrownBy(() -> socket.connect(new InetSocketAddress("10.9.0.77", Network.PORT)))
                    .isInstanceOfSatisfying(
                            MtcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EHOSTUNREACH));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, true",
        "false, true, true",
        "true, false, true",
        "true, true, false",
        "false, false, true",
        "false, true, false",
        "true, false, false",
        "false, false, false",
    })
    void optionsOfTheKernel_onAndOff_areAgreedOn(boolean sack, boolean timestamps, boolean scaling) throws IOException {
        var settings = Map.of(
                "ipv4.tcp_sack", number(sack),
                "ipv4.tcp_timestamps", number(timestamps),
                "ipv4.tcp_window_scaling", number(scaling));
        assertAgreed(setup().withKernel(settings), sack, timestamps, scaling);
    }

    @ParameterizedTest
    @CsvSource({"false, true, true", "true, false, true", "true, true, false", "false, false, false"})
    void optionsOfTheStack_off_areAgreedOn(boolean sack, boolean timestamps, boolean scaling) throws IOException {
        String lines = "sack = %s\ntimestamps = %s\nwindow_scaling = %s\n".formatted(sack, timestamps, scaling);
        assertAgreed(setup().with(lines), sack, timestamps, scaling);
    }

    private static String number(boolean on) {
        return on ? "1" : "0";
    }

    /** Both sides believe that just these options are in use, and data arrives, both ways and whoever connects. */
    private static void assertAgreed(Network.Setup setup, boolean sack, boolean timestamps, boolean scaling)
            throws IOException {
        try (Network network = setup.with(SOME_LOSS).open()) {
            for (Opener opener : Opener.values()) {
                Connection connection = network.connection(opener);
                var expected = new TreeMap<>(Map.of("sack", sack, "ts", timestamps, "wscale", scaling));
                TcpInfo info = connection.stack().option(MtcpOptions.TCP_INFO);
                assertThat(Map.of("sack", info.sack(), "ts", info.timestamps(), "wscale", info.windowScaling()))
                        .as("as the stack has it")
                        .isEqualTo(expected);
                String words = " " + network.connectionsInKernel("established") + " ";
                var found = new TreeMap<String, Boolean>();
                expected.forEach((option, _) -> found.put(option, words.matches(".*[ \\t]" + option + "[ :].*")));
                assertThat(found).as("as the kernel has it: %s", words).isEqualTo(expected);
                Transfer.exchange(
                        network.kernel.threads(),
                        End.of(connection.kernel()),
                        End.of(connection.stack()),
                        2 * MEGABYTE);
                connection.close();
                network.awaitNoConnections();
            }
            assertThat(network.count(Counter.TCP_RETRANSMITS)).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ipv4.tcp_mtu_probing=2",
                "ipv4.tcp_slow_start_after_idle=0",
                "ipv4.tcp_no_metrics_save=1",
                "ipv4.tcp_congestion_control=reno",
                "ipv4.tcp_abort_on_overflow=1",
                "ipv4.tcp_rmem=4096 8192 16384",
            })
    void transfer_kernelWithOtherSettings_arrivesIntact(String setting) throws IOException {
        String[] parts = setting.split("=", 2);
        try (Network network =
                setup().withKernel(Map.of(parts[0], parts[1])).with(SOME_LOSS).open()) {
            for (Opener opener : Opener.values()) {
                Behaviour.transfer(network, opener, 2 * MEGABYTE);
            }
            network.awaitNoConnections();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "syn_cookies = always",
                "recovery = sack",
                "tlp = off",
                "cc = newreno",
                "delayed_ack = off",
                "nagle = off",
                "initial_window = 1",
            })
    void transfer_stackWithOtherSettings_arrivesIntact(String setting) throws IOException {
        try (Network network = setup().with(setting).with(SOME_LOSS).open()) {
            for (Opener opener : Opener.values()) {
                Behaviour.transfer(network, opener, 2 * MEGABYTE);
            }
            network.awaitNoConnections();
        }
    }

    /** RFC 3168 section 6.1.1: who connects asks for it. */
    @ParameterizedTest
    @CsvSource({"KERNEL, accept, true", "KERNEL, off, false", "STACK, on, true", "STACK, accept, false"})
    void congestionNotification_askedFor_isAgreedOn(Opener opener, String ecn, boolean expected) throws IOException {
        try (Network network = setup().withKernel(Map.of("ipv4.tcp_ecn", "1"))
                .with("ecn = " + ecn)
                .with(SOME_LOSS)
                .open()) {
            Connection connection = network.connection(opener);
            assertThat(connection.stack().option(MtcpOptions.TCP_INFO).ecn())
                    .as("as the stack has it")
                    .isEqualTo(expected);
            assertThat(network.connectionsInKernel("established").matches(".* ecn .*"))
                    .as("as the kernel has it")
                    .isEqualTo(expected);
            Transfer.exchange(
                    network.kernel.threads(), End.of(connection.kernel()), End.of(connection.stack()), 2 * MEGABYTE);
            connection.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"576, true", "576, false", "1500, true", "1500, false", "9000, true", "9000, false"})
    void transfer_withAnMtu_usesIt(int mtu, boolean offload) throws IOException {
        try (Network network = setup().withMtu(mtu).withOffload(offload).open()) {
            for (Opener opener : Opener.values()) {
                Connection connection = network.connection(opener);
                TcpInfo info = connection.stack().option(MtcpOptions.TCP_INFO);
                // Without 20 bytes of IP header, 20 of TCP header, 12 of timestamps.
                assertThat(info.sendMss()).isEqualTo(mtu - 52);
                String words = network.connectionsInKernel("established");
                assertThat(Programs.number(" mss:([0-9]+)", words)).isEqualTo(mtu - 52);
                Transfer.exchange(
                        network.kernel.threads(),
                        End.of(connection.kernel()),
                        End.of(connection.stack()),
                        10 * MEGABYTE + 3);
                connection.close();
            }
            network.awaitNoConnections();
        }
    }

    /**
     * A path whose middle is narrower than both ends know: the routers there tell each end by ICMP (RFC 1191).
     *
     * <pre>
     *   stack ---- kernel ---- router ---- far
     *        1500        1000        1500
     * </pre>
     */
    @ParameterizedTest
    @EnumSource
    void transfer_pathThatIsNarrower_isFoundByBothEnds(Opener opener) throws IOException {
        try (Network network = setup().open();
                Namespace router = Namespace.make();
                Namespace far = Namespace.make();
                MtcpSocket listener = network.listen()) {
            link(network.kernel, "10.9.1.1", router, "10.9.1.2", 1000);
            link(router, "10.9.2.1", far, "10.9.2.2", 1500);
            for (Namespace forwarding : List.of(network.kernel, router)) {
                forwarding.set("ipv4.ip_forward", "1");
            }
            network.kernel.run("ip route add 10.9.2.0/24 via 10.9.1.2");
            router.run("ip route add 10.9.0.0/24 via 10.9.1.1");
            far.run("ip route add default via 10.9.2.1");
            try (ServerSocket farListener =
                    far.call(() -> new ServerSocket(Network.PORT, 50, InetAddress.getByName("10.9.2.2")))) {
                Connection connection = switch (opener) {
                    case KERNEL ->
                        new Connection(far.call(() -> new Socket(Network.STACK, Network.PORT)), listener.accept());
                    case STACK -> {
                        MtcpSocket socket = network.context.socket();
                        socket.connect(new InetSocketAddress("10.9.2.2", Network.PORT));
                        yield new Connection(farListener.accept(), socket);
                    }
                };
                End stack = End.of(connection.stack());
                End kernel = End.of(connection.kernel());
                assertThat(connection.stack().option(MtcpOptions.TCP_INFO).sendMss())
                        .isEqualTo(1500 - 52);
                Transfer.exchange(far.threads(), kernel, stack, 5 * MEGABYTE);
                assertThat(connection.stack().option(MtcpOptions.TCP_INFO).sendMss())
                        .as("segments of the stack")
                        .isEqualTo(1000 - 52);
                assertThat(network.count(Counter.ICMP_ERRORS_IN))
                        .as("messages that the path is narrower")
                        .isPositive();
                assertThat(far.run("ip route get " + Network.STACK)).contains("mtu 1000");
                connection.close();
            }
        }
    }

    /** Joins two namespaces. */
    private static void link(Namespace one, String oneAddress, Namespace other, String otherAddress, int mtu)
            throws IOException {
        String suffix = oneAddress.substring(oneAddress.indexOf('.', 3) + 1);
        String device = "a" + suffix;
        String otherDevice = "b" + suffix;
        one.run("ip link add name " + device + " type veth peer name " + otherDevice);
        one.move(otherDevice, other);
        one.run("ip address add " + oneAddress + "/24 dev " + device);
        other.run("ip address add " + otherAddress + "/24 dev " + otherDevice);
        one.run("ip link set dev " + device + " mtu " + mtu + " up");
        other.run("ip link set dev " + otherDevice + " mtu " + mtu + " up");
    }
}
