package dev.jmtcp.driver.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.driver.DriverRegistry;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.Jmtcp;
import dev.jmtcp.core.socket.MtcpSocket;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.testsupport.Needs;
import dev.jmtcp.testsupport.ThreadNamespace;
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
import org.junit.jupiter.api.TestInstance;

/** For tests of the stack against the TCP of this machine's kernel, over a TAP interface in a network of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KernelNetwork {

    static final String STACK = "10.9.0.2";
    static final String KERNEL = "10.9.0.1";
    static final int PORT = 8080;
    static final int MEGABYTE = 1 << 20;
    private static final long PATIENCE_SECONDS = 100;

    private ThreadNamespace namespace;

    /** Threads in the network of the test. */
    ExecutorService threads;

    @BeforeAll
    void enterNamespace() throws IOException {
        Needs.netAdmin();
        Needs.command("ip", "iproute2");
        namespace = ThreadNamespace.enter();
        threads = Executors.newCachedThreadPool();
    }

    @AfterAll
    void leaveNamespace() {
        if (namespace != null) {
            threads.shutdownNow();
            namespace.close();
        }
    }

    /** Sends so much each way at the same time, on a connection that the kernel makes, then ends it. */
    void kernelConnects(Context context, int length) throws Exception {
        try (MtcpSocket listener = listen(context)) {
            var socket = new Socket(STACK, PORT);
            exchange(End.of(socket), End.of(listener.accept()), length);
        }
    }

    /** Sends so much each way at the same time, on a connection that the stack makes, then ends it. */
    void stackConnects(Context context, int length) throws Exception {
        try (ServerSocket listener = listenInKernel()) {
            MtcpSocket socket = context.socket();
            assertThat(socket.connect(new InetSocketAddress(KERNEL, PORT))).isTrue();
            exchange(End.of(socket), End.of(listener.accept()), length);
        }
    }

    static MtcpSocket listen(Context context) throws IOException {
        MtcpSocket listener = context.socket();
        listener.bind(new InetSocketAddress(PORT));
        listener.listen(50);
        return listener;
    }

    static ServerSocket listenInKernel() throws IOException {
        return new ServerSocket(PORT, 50, InetAddress.getByName(KERNEL));
    }

    /** Sends so much each way at the same time, then ends the connection. */
    void exchange(End one, End other, int length) throws Exception {
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

    static byte[] send(End end, long seed, int length) throws IOException {
        byte[] digest = Content.send(seed, length, end::write);
        end.finish();
        return digest;
    }

    static byte[] receive(End end, int length) throws IOException {
        byte[] digest = Content.receive(length, end::read);
        assertThat(end.read(new byte[1], 0, 1)).as("the end of the stream").isEqualTo(-1);
        return digest;
    }

    static Jmtcp open(String offload, int mtu, int cores) throws IOException {
        JmtcpConfig config = config(offload, mtu, cores);
        return Jmtcp.init(config, driver(config));
    }

    static PacketIo driver(JmtcpConfig config) throws IOException {
        return DriverRegistry.find(List.of()).open(config, System::nanoTime);
    }

    static JmtcpConfig config(String offload, int mtu, int cores) {
        return config("tap0", STACK, KERNEL, offload, mtu, cores);
    }

    static JmtcpConfig config(String port, String address, String kernel, String offload, int mtu, int cores) {
        return JmtcpConfig.parse("""
                io = tap
                num_cores = %2$d
                port = %1$s
                tap.offload = %3$s
                port.%1$s.address = %4$s/24
                port.%1$s.gateway = %5$s
                port.%1$s.kernel_address = %5$s/24
                port.%1$s.mtu = %6$d
                rcvbuf = 1m
                sndbuf = 1m
                max_concurrency = 2000
                max_num_buffers = 2000
                """.formatted(port, cores, offload, address, kernel, mtu));
    }
}
