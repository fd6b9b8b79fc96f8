package dev.jmtcp.driver.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.driver.DriverRegistry;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.Jmtcp;
import dev.jmtcp.core.socket.MtcpSocket;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stack against the TCP of this machine's kernel, over a TAP interface in a network of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KernelInteropTest {

    private static final String STACK = "10.9.0.2";
    private static final String KERNEL = "10.9.0.1";
    private static final int PORT = 8080;
    private static final int MEGABYTE = 1 << 20;
    private static final long PATIENCE_SECONDS = 100;

    private Namespace namespace;
    private ExecutorService threads;

    @BeforeAll
    void enterNamespace() throws IOException {
        Needs.netAdmin();
        namespace = Namespace.enter();
        threads = Executors.newCachedThreadPool();
    }

    @AfterAll
    void leaveNamespace() {
        if (namespace != null) {
            threads.shutdownNow();
            namespace.close();
        }
    }

    @Test
    void ping_ofTheKernel_isAnswered() throws Exception {
        try (Jmtcp jmtcp = open("on", 1500, 1);
                Context context = jmtcp.createContext(0)) {
            assertThat(InetAddress.getByName(STACK).isReachable(5000)).isTrue();
            assertThat(context.connections()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"on, 576, 1", "on, 1500, 100", "on, 9000, 1", "off, 576, 1", "off, 1500, 10", "off, 9000, 10"})
    void transferBothWays_kernelConnects_arrivesIntact(String offload, int mtu, int megabytes) throws Exception {
        try (Jmtcp jmtcp = open(offload, mtu, 1);
                Context context = jmtcp.createContext(0)) {
            kernelConnects(context, megabytes * MEGABYTE + 7);
        }
    }

    @ParameterizedTest
    @CsvSource({"on, 576, 1", "on, 1500, 100", "on, 9000, 1", "off, 576, 1", "off, 1500, 10", "off, 9000, 10"})
    void transferBothWays_stackConnects_arrivesIntact(String offload, int mtu, int megabytes) throws Exception {
        try (Jmtcp jmtcp = open(offload, mtu, 1);
                Context context = jmtcp.createContext(0)) {
            stackConnects(context, megabytes * MEGABYTE + 7);
        }
    }

    @ParameterizedTest
    @CsvSource({"on, 0.01, 1", "on, 0.05, 2", "off, 0.01, 3", "off, 0.05, 4"})
    void transferBothWays_framesGetLost_arrivesIntact(String offload, double loss, long seed) throws Exception {
        var config = config(offload, 1500, 1);
        try (Jmtcp jmtcp = Jmtcp.init(config, new LossyIo(driver(config), loss, seed));
                Context context = jmtcp.createContext(0)) {
            kernelConnects(context, MEGABYTE);
            stackConnects(context, MEGABYTE);
        }
    }

    /** Answers to what a core connects arrive on that core. */
    @Test
    void connectionsOfTwoCores_eachWay_arriveIntact() throws Exception {
        try (Jmtcp jmtcp = open("on", 1500, 2);
                Context first = jmtcp.createContext(0);
                Context second = jmtcp.createContext(1);
                MtcpSocket firstListener = listen(first);
                MtcpSocket secondListener = listen(second);
                var listener = new ServerSocket(PORT, 50, InetAddress.getByName(KERNEL))) {
            int accepted = 0;
            for (int i = 0; i < 32; i++) {
                var socket = new Socket(STACK, PORT);
                // Either core may have it: the hash of addresses and ports says which.
                firstListener.blocking(false);
                secondListener.blocking(false);
                MtcpSocket other = null;
                while (other == null) {
                    other = firstListener.accept();
                    if (other == null) {
                        other = secondListener.accept();
                        accepted += other == null ? 0 : 1;
                    }
                }
                other.blocking(true);
                exchange(End.of(socket), End.of(other), 100_000);
            }
            assertThat(accepted).as("connections on the second core of two").isBetween(1, 31);
            for (Context context : List.of(first, second)) {
                for (int i = 0; i < 16; i++) {
                    MtcpSocket socket = context.socket();
                    socket.connect(new InetSocketAddress(KERNEL, PORT));
                    exchange(End.of(socket), End.of(listener.accept()), 100_000);
                }
            }
        }
    }

    private void kernelConnects(Context context, int length) throws Exception {
        try (MtcpSocket listener = listen(context)) {
            var socket = new Socket(STACK, PORT);
            exchange(End.of(socket), End.of(listener.accept()), length);
        }
    }

    private void stackConnects(Context context, int length) throws Exception {
        try (var listener = new ServerSocket(PORT, 50, InetAddress.getByName(KERNEL))) {
            MtcpSocket socket = context.socket();
            assertThat(socket.connect(new InetSocketAddress(KERNEL, PORT))).isTrue();
            exchange(End.of(socket), End.of(listener.accept()), length);
        }
    }

    private static MtcpSocket listen(Context context) throws IOException {
        MtcpSocket listener = context.socket();
        listener.bind(new InetSocketAddress(PORT));
        listener.listen(50);
        return listener;
    }

    /** Sends so much each way at the same time, then ends the connection. */
    private void exchange(End one, End other, int length) throws Exception {
        List<Future<String>> digests = new ArrayList<>();
        for (Callable<byte[]> part : List.<Callable<byte[]>>of(
                () -> send(one, 1, length),
                () -> receive(other, length),
                () -> send(other, 2, length),
                () -> receive(one, length))) {
            digests.add(threads.submit(() -> HexFormat.of().formatHex(part.call())));
        }
        var found = new ArrayList<String>();
        for (Future<String> digest : digests) {
            found.add(digest.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        assertThat(found.get(1)).as("SHA-256 of what came").isEqualTo(found.get(0));
        assertThat(found.get(3)).as("SHA-256 of what came the other way").isEqualTo(found.get(2));
        one.close();
        other.close();
    }

    private static byte[] send(End end, long seed, int length) throws IOException {
        byte[] digest = Content.send(seed, length, end::write);
        end.finish();
        return digest;
    }

    private static byte[] receive(End end, int length) throws IOException {
        byte[] digest = Content.receive(length, end::read);
        assertThat(end.read(new byte[1], 0, 1)).as("the end of the stream").isEqualTo(-1);
        return digest;
    }

    private static Jmtcp open(String offload, int mtu, int cores) throws IOException {
        JmtcpConfig config = config(offload, mtu, cores);
        return Jmtcp.init(config, driver(config));
    }

    private static PacketIo driver(JmtcpConfig config) throws IOException {
        return DriverRegistry.find(List.of()).open(config, System::nanoTime);
    }

    private static JmtcpConfig config(String offload, int mtu, int cores) {
        return JmtcpConfig.parse("""
                io = tap
                num_cores = %d
                port = tap0
                tap.offload = %s
                port.tap0.address = %s/24
                port.tap0.kernel_address = %s/24
                port.tap0.mtu = %d
                rcvbuf = 1m
                sndbuf = 1m
                max_concurrency = 100
                max_num_buffers = 100
                """.formatted(cores, offload, STACK, KERNEL, mtu));
    }
}
