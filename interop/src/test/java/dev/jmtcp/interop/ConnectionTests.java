package dev.jmtcp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.socket.MtcpSocket;
import dev.jmtcp.interop.Network.Connection;
import dev.jmtcp.interop.Network.Opener;
import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections with the kernel begin, transfer, stall and end. */
abstract class ConnectionTests extends Suite {

    private static final int MEGABYTE = 1 << 20;

    /** Small enough for a sender to fill them soon. */
    private static final String SMALL_BUFFERS = """
            rcvbuf = 64k
            sndbuf = 64k
            """;

    private static final String TIME_WAIT = "tcp_timewait = 1h";

    ConnectionTests(Wire wire, Conditions conditions) {
        super(wire, conditions);
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, true", "KERNEL, false", "STACK, true", "STACK, false"})
    void transferBothWays_arrivesIntact(Opener opener, boolean offload) throws IOException {
        try (Network network = setup().withOffload(offload).open()) {
            Behaviour.transfer(network, opener, conditions.scaled(40 * MEGABYTE) + 7);
            network.awaitNoConnections();
        }
    }

    @Test
    void halfClose_ofTheKernel_answerStillArrives() throws IOException {
        Needs.command("socat", "socat");
        try (Network network = setup().open()) {
            Behaviour.halfCloseByTheKernel(network, conditions.scaled(20 * MEGABYTE));
            network.awaitNoConnections();
        }
    }

    @Test
    void halfClose_ofTheStack_answerStillArrives() throws IOException {
        Needs.command("socat", "socat");
        try (Network network = setup().open()) {
            Behaviour.halfCloseByTheStack(network, conditions.scaled(20 * MEGABYTE));
            network.awaitNoConnections();
        }
    }

    @ParameterizedTest
    @EnumSource
    void reset_ofEitherEnd_reachesTheOther(Opener opener) throws IOException {
        try (Network network = setup().open()) {
            Behaviour.resetByTheKernel(network, opener);
            Behaviour.resetByTheStack(network, opener);
            network.awaitNoConnections();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void receiverThatDoesNotRead_stopsTheSender_untilItReads(boolean offload) throws IOException {
        try (Network network = setup().with(SMALL_BUFFERS).withOffload(offload).open()) {
            Behaviour.stallByTheKernel(network, MEGABYTE);
            Behaviour.stallByTheStack(network, MEGABYTE);
            network.awaitNoConnections();
        }
    }

    /** RFC 9293 section 3.6.1: who closes first keeps the connection in TIME-WAIT. */
    @ParameterizedTest
    @EnumSource
    void close_ofTheKernelFirst_leavesTimeWaitThere(Opener opener) throws IOException {
        // RFC 1337: an ACK that comes twice, the second time to a connection that is no more, may not end TIME-WAIT by
        // the RST it causes. The stack
        // heeds that by itself.
        try (Network network = setup().with(TIME_WAIT)
                .withKernel(Map.of("ipv4.tcp_rfc1337", "1"))
                .open()) {
            closeTheKernelFirst(network.connection(opener));
            network.awaitNoConnections();
            assertThat(network.connectionsInKernel("time-wait").lines()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void close_ofTheStackFirst_leavesTimeWaitThere(Opener opener) throws IOException {
        try (Network network = setup().with(TIME_WAIT).open()) {
            closeTheStackFirst(network, network.connection(opener));
            assertThat(network.context.connections()).isEqualTo(1);
        }
    }

    /** RFC 6191: the kernel does so too. */
    @Test
    void timeWaitOfTheKernel_newConnectionFromThatPort_takesItsPlace() throws IOException {
        try (Network network = setup().with(TIME_WAIT).open();
                ServerSocket listener = network.listenInKernel();
                MtcpSocket again = network.context.socket()) {
            MtcpSocket stack = network.connect(Network.PORT);
            InetSocketAddress address = stack.localAddress();
            closeTheKernelFirst(new Connection(listener.accept(), stack));
            network.awaitNoConnections();
            again.bind(address);
            assertThat(again.connect((InetSocketAddress) listener.getLocalSocketAddress()))
                    .isTrue();
            var connection = new Connection(listener.accept(), again);
            Transfer.exchange(
                    network.kernel.threads(), End.of(connection.kernel()), End.of(connection.stack()), 100_000);
        }
    }

    @Test
    void timeWaitOfTheStack_newConnectionFromThatPort_takesItsPlace() throws IOException {
        try (Network network = setup().with(TIME_WAIT).open();
                MtcpSocket listener = network.listen()) {
            Socket kernel = network.connectFromKernel();
            int port = kernel.getLocalPort();
            closeTheStackFirst(network, new Connection(kernel, listener.accept()));
            Socket again =
                    network.connectFromKernel(socket -> socket.bind(new InetSocketAddress(Network.KERNEL, port)));
            Transfer.exchange(network.kernel.threads(), End.of(again), End.of(listener.accept()), 100_000);
            assertThat(network.count(Counter.TCP_TIME_WAIT_REUSED)).isEqualTo(1);
        }
    }

    private static void closeTheKernelFirst(Connection connection) throws IOException {
        connection.kernel().close();
        assertThat(connection.stack().read(new byte[1], 0, 1)).isEqualTo(-1);
        connection.stack().close();
    }

    private static void closeTheStackFirst(Network network, Connection connection) throws IOException {
        connection.stack().close();
        assertThat(connection.kernel().getInputStream().read()).isEqualTo(-1);
        connection.kernel().close();
        Patience.until(
                "the kernel has forgotten the connection",
                () -> network.connectionsInKernel("connected").isEmpty(),
                () -> network.connectionsInKernel("connected"));
    }

    @Test
    void shortConnections_oneAfterTheOtherEitherWay_allWork() throws IOException {
        try (Network network = setup().open();
                MtcpSocket listener = network.listen();
                ServerSocket kernelListener = network.listenInKernel()) {
            int count = conditions.scaled(2000);
            for (int i = 0; i < count; i++) {
                Socket kernel;
                MtcpSocket stack;
                if (i % 2 == 0) {
                    kernel = network.connectFromKernel();
                    stack = listener.accept();
                } else {
                    stack = network.connect(Network.PORT);
                    kernel = kernelListener.accept();
                }
                End first = i % 4 < 2 ? End.of(kernel) : End.of(stack);
                End last = i % 4 < 2 ? End.of(stack) : End.of(kernel);
                first.write(new byte[] {(byte) i}, 1);
                first.close();
                var got = new byte[2];
                assertThat(last.read(got, 0, 2)).isEqualTo(1);
                assertThat(got[0]).isEqualTo((byte) i);
                assertThat(last.read(got, 0, 2)).isEqualTo(-1);
                last.close();
            }
            network.awaitNoConnections();
        }
    }

    @Test
    void manyConnectionsAtOnce_eitherWay_arriveIntact() throws IOException {
        try (Network network = setup().open();
                MtcpSocket listener = network.listen();
                ServerSocket kernelListener = network.listenInKernel()) {
            List<Future<String>> parts = new ArrayList<>();
            List<Connection> connections = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                connections.add(new Connection(network.connectFromKernel(), listener.accept()));
                MtcpSocket stack = network.connect(Network.PORT);
                connections.add(new Connection(kernelListener.accept(), stack));
            }
            int length = conditions.scaled(1_000_000);
            for (Connection connection : connections) {
                End kernel = End.of(connection.kernel());
                End stack = End.of(connection.stack());
                for (End[] way : new End[][] {{kernel, stack}, {stack, kernel}}) {
                    parts.add(network.kernel.threads().submit(() -> Transfer.send(way[0], 6, length)));
                    parts.add(network.kernel.threads().submit(() -> Transfer.receive(way[1], length)));
                }
            }
            for (int i = 0; i < parts.size(); i += 2) {
                assertThat(Transfer.await(parts.get(i + 1))).isEqualTo(Transfer.await(parts.get(i)));
            }
            for (Connection connection : connections) {
                connection.close();
            }
            network.awaitNoConnections();
        }
    }
}
