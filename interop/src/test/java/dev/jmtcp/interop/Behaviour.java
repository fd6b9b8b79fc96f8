package dev.jmtcp.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.socket.Errno;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import dev.jmtcp.interop.Network.Connection;
import dev.jmtcp.interop.Network.Opener;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What connections between the stack and the kernel go through in more than one test. Each ends as it should, or fails. */
final class Behaviour {

    private static final int SOCAT_PORT = 8081;
    private static final String SOCAT = "socat -t 200 ";

    private Behaviour() {}

    /** So much each way at the same time, and the end. */
    static void transfer(Network network, Opener opener, long length) throws IOException {
        Connection connection = network.connection(opener);
        Transfer.exchange(network.kernel.threads(), End.of(connection.kernel()), End.of(connection.stack()), length);
        connection.close();
    }

    /** The kernel's side says that it has sent all; only then it gets the answer. */
    static void halfCloseByTheKernel(Network network, int length) throws IOException {
        try (MtcpSocket listener = network.listen()) {
            Process socat =
                    network.kernel.startWithErrorsApart(SOCAT + "STDIO TCP:" + Network.STACK + ":" + Network.PORT);
            Future<byte[]> sent = network.kernel.threads().submit(() -> {
                try (OutputStream out = socat.getOutputStream()) {
                    return Content.send(1, length, (bytes, n) -> out.write(bytes, 0, n));
                }
            });
            MtcpSocket stack = listener.accept();
            assertThat(Transfer.receive(End.of(stack), length)).isEqualTo(hex(Transfer.await(sent)));
            Future<String> answered = network.kernel.threads().submit(() -> Transfer.send(End.of(stack), 2, length));
            byte[] answer = Content.digest(socat.getInputStream());
            assertThat(hex(answer)).isEqualTo(Transfer.await(answered));
            stack.close();
            assertThat(Programs.exit(socat)).isZero();
        }
    }

    /** The stack's side says that it has sent all; only then it gets the answer, which is the SHA-256 of what it has sent. */
    static void halfCloseByTheStack(Network network, int length) throws IOException {
        Process socat = network.kernel.startWithErrorsApart(
                SOCAT + "TCP-LISTEN:" + SOCAT_PORT + ",reuseaddr,bind=" + Network.KERNEL + " EXEC:sha256sum");
        Programs.awaitListener(network.kernel, SOCAT_PORT);
        try (MtcpSocket stack = network.connect(SOCAT_PORT)) {
            String digest = Transfer.send(End.of(stack), 3, length);
            var answer = new byte[digest.length()];
            for (int n = 0; n < answer.length; ) {
                int more = stack.read(answer, n, answer.length - n);
                assertThat(more).as("bytes of the answer").isPositive();
                n += more;
            }
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo(digest);
            while (stack.read(answer, 0, answer.length) > 0) {
                // the rest of the line
            }
        }
        assertThat(Programs.exit(socat)).isZero();
    }

    /** The kernel resets a connection. If the RST got lost, the next segment gets another. */
    static void resetByTheKernel(Network network, Opener opener) throws IOException {
        Connection connection = network.connection(opener);
        connection.kernel().setSoLinger(true, 0);
        connection.kernel().close();
        assertReset(() -> {
            MtcpSocket stack = connection.stack();
            stack.blocking(false);
            while (stack.read(new byte[1], 0, 1) == 0) {
                stack.write(new byte[1], 0, 1);
                TimeUnit.MILLISECONDS.sleep(1);
            }
        });
        connection.stack().close();
    }

    private static void assertReset(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MtcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECONNRESET));
    }

    /** The stack resets a connection. If the RST got lost, the next segment gets another. */
    static void resetByTheStack(Network network, Opener opener) throws IOException {
        Connection connection = network.connection(opener);
        connection.stack().abort();
        try (Socket kernel = connection.kernel()) {
            kernel.setSoTimeout(100);
            assertThatThrownBy(() -> {
                        while (true) {
                            try {
                                assertThat(kernel.getInputStream().read()).isNotEqualTo(-1);
                            } catch (SocketTimeoutException _) {
                                kernel.getOutputStream().write(0);
                            }
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    /** The stack sends, and the kernel's side does not read until the window is closed for some time. */
    static void stallByTheKernel(Network network, int length) throws IOException {
        try (MtcpSocket listener = network.listen();
                Socket kernel = network.connectFromKernel(socket -> socket.setReceiveBufferSize(4096));
                MtcpSocket stack = listener.accept()) {
            long before = network.count(Counter.TCP_ZERO_WINDOW_PROBES);
            Future<String> sent = network.kernel.threads().submit(() -> Transfer.send(End.of(stack), 4, length));
            Patience.until(
                    "probes of the closed window",
                    () -> network.count(Counter.TCP_ZERO_WINDOW_PROBES) >= before + 2,
                    () -> network.connectionsInKernel("connected"));
            assertThat(sent.isDone()).as("all is sent, though nobody reads").isFalse();
            assertThat(Transfer.receive(End.of(kernel), length)).isEqualTo(Transfer.await(sent));
        }
    }

    /** The kernel sends, and the stack's side does not read until the window is closed for some time. */
    static void stallByTheStack(Network network, int length) throws IOException {
        try (MtcpSocket listener = network.listen();
                Socket kernel = network.connectFromKernel(socket -> socket.setSendBufferSize(64 * 1024));
                MtcpSocket stack = listener.accept()) {
            Future<String> sent = network.kernel.threads().submit(() -> Transfer.send(End.of(kernel), 5, length));
            Patience.until(
                    "the kernel probes the closed window",
                    () -> network.connectionsInKernel("established").contains("timer:(persist"),
                    () -> network.connectionsInKernel("connected"));
            assertThat(sent.isDone()).as("all is sent, though nobody reads").isFalse();
            assertThat(Transfer.receive(End.of(stack), length)).isEqualTo(Transfer.await(sent));
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
