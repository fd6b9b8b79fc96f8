package dev.jmtcp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.socket.MtcpOptions;
import dev.jmtcp.core.socket.MtcpSocket;
import dev.jmtcp.interop.Network.Connection;
import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What takes its time, on a clean wire. */
abstract class LastingTests extends Suite {

    private static final long GIGABYTE = 1 << 30;
    private static final int IDLE_SECONDS = 65;
    private static final int PROBE_AFTER_SECONDS = 12;
    private static final int PROBES = IDLE_SECONDS / PROBE_AFTER_SECONDS - 1;

    @TempDir
    private Path folder;

    LastingTests(Wire wire) {
        super(wire, Conditions.CLEAN);
    }

    /** Half of them are probed by the kernel, half by the stack; what is not probed, the stack closes after half a minute. */
    @Test
    void thousandIdleConnections_keptForAMinuteByKeepAlive_stillWork() throws IOException {
        String probing = "tcp_timeout = 30s\nkeepalive_interval = " + PROBE_AFTER_SECONDS;
        try (Network network = setup().with(probing).open();
                MtcpSocket listener = network.listen();
                ServerSocket kernelListener = network.listenInKernel()) {
            List<Connection> connections = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                Socket kernel = network.connectFromKernel();
                kernel.setKeepAlive(true);
                kernel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, PROBE_AFTER_SECONDS);
                kernel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, PROBE_AFTER_SECONDS);
                connections.add(new Connection(kernel, listener.accept()));
                MtcpSocket stack = network.connect(Network.PORT);
                stack.option(StandardSocketOptions.SO_KEEPALIVE, true);
                stack.option(MtcpOptions.TCP_KEEPIDLE, PROBE_AFTER_SECONDS);
                connections.add(new Connection(kernelListener.accept(), stack));
            }
            long begin = System.nanoTime();
            long bytes = network.count(Counter.TCP_BYTES_IN) + network.count(Counter.TCP_BYTES_OUT);
            Patience.until(
                    "a minute is over and all were probed",
                    () -> System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(IDLE_SECONDS)
                            && network.count(Counter.TCP_KEEPALIVE_PROBES) >= 500 * PROBES
                            && probesOfTheKernel(network) >= 500 * PROBES,
                    () -> network.count(Counter.TCP_KEEPALIVE_PROBES) + " probes of the stack, "
                            + probesOfTheKernel(network) + " of the kernel");
            assertThat(network.count(Counter.TCP_BYTES_IN) + network.count(Counter.TCP_BYTES_OUT))
                    .as("bytes exchanged")
                    .isEqualTo(bytes);
            assertThat(network.context.connections()).isEqualTo(1000);
            assertThat(network.context.bufferBytesInUse())
                    .as("bytes of buffers of idle connections")
                    .isZero();
            for (Connection connection : connections) {
                connection.stack().write(new byte[] {1}, 0, 1);
                assertThat(connection.kernel().getInputStream().read()).isEqualTo(1);
                connection.kernel().getOutputStream().write(2);
                var got = new byte[1];
                assertThat(connection.stack().read(got, 0, 1)).isEqualTo(1);
                assertThat(got[0]).isEqualTo((byte) 2);
                connection.close();
            }
            network.awaitNoConnections();
        }
    }

    private static long probesOfTheKernel(Network network) throws IOException {
        return Programs.number("TcpExtTCPKeepAlive +([0-9]+)", network.kernel.run("nstat -a -s -z TcpExtTCPKeepAlive"));
    }

    @Test
    void serverUnderWrkForAMinute_leavesNothingBehind() throws Exception {
        Needs.command("wrk", "wrk");
        Content.file(folder.resolve("file"), 1, 10_000);
        Network network = setup().open();
        List<Thread> before = network.stackSide().otherThreads();
        try (network) {
            int timers = network.context.call(network.context::timers);
            try (var server = new WebServer(network, folder)) {
                HttpTests.assertNoErrors(
                        network.kernel.run("wrk -t 2 -c 100 -d 60s --timeout 60s " + WebServer.url("file")));
                server.drain();
                network.awaitNoConnections();
            }
            assertThat(network.context.bufferBytesInUse())
                    .as("bytes of buffers")
                    .isZero();
            assertThat(network.context.call(network.context::timers))
                    .as("timers")
                    .isLessThanOrEqualTo(timers + 1); // that of the neighbour
            // One that was about to end before may have ended.
            assertThat(network.stackSide().otherThreads()).isSubsetOf(before);
        }
        assertThat(before).isNotEmpty().noneMatch(Thread::isAlive);
        assertThat(network.stackSide().otherThreads()).isEmpty();
    }

    @Test
    void gigabyte_servedToCurl_isWhole() throws IOException {
        Needs.command("curl", "curl");
        String digest = Behaviour.hex(Content.file(folder.resolve("file"), 3, GIGABYTE));
        try (Network network = setup().open();
                var server = new WebServer(network, folder)) {
            assertThat(Programs.digest(network.kernel, "curl --silent --show-error --fail " + WebServer.url("file")))
                    .isEqualTo(digest);
            server.drain();
            network.awaitNoConnections();
        }
    }

    @Test
    void gigabyte_sentByTheKernel_isWhole() throws IOException {
        try (Network network = setup().open()) {
            Connection connection = network.connection(Network.Opener.KERNEL);
            Transfer.oneWay(
                    network.kernel.threads(), End.of(connection.kernel()), End.of(connection.stack()), GIGABYTE);
            connection.close();
            network.awaitNoConnections();
        }
    }
}
