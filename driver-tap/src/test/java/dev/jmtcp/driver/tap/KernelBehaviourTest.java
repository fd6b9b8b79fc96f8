package dev.jmtcp.driver.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.Errno;
import dev.jmtcp.core.socket.Jmtcp;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections between the stack and this machine's kernel begin, stall and end. */
class KernelBehaviourTest extends KernelNetwork {

    private static final int SECONDS = 60;

    @Test
    void connect_nobodyListens_isRefusedEitherWay() throws Exception {
        try (Jmtcp jmtcp = open("on", 1500, 1);
                Context context = jmtcp.createContext(0)) {
            assertThatThrownBy(() -> new Socket(STACK, PORT)).isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> context.socket().connect(new InetSocketAddress(KERNEL, PORT)))
                    .isInstanceOfSatisfying(
                            MtcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECONNREFUSED));
        }
    }

    @Test
    void connect_hostThatIsNotThere_isUnreachable() throws Exception {
        try (Jmtcp jmtcp = open("on", 1500, 1);
                Context context = jmtcp.createContext(0)) {
            assertThatThrownBy(() -> context.socket().connect(new InetSocketAddress("10.9.0.77", PORT)))
                    .isInstanceOfSatisfying(
                            MtcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EHOSTUNREACH));
        }
    }

    @Test
    void reset_ofEitherEnd_reachesTheOther() throws Exception {
        try (Jmtcp jmtcp = open("on", 1500, 1);
                Context context = jmtcp.createContext(0);
                MtcpSocket listener = listen(context)) {
            var socket = new Socket(STACK, PORT);
            MtcpSocket other = listener.accept();
            socket.setSoLinger(true, 0);
            socket.close();
            assertThatThrownBy(() -> other.read(new byte[1], 0, 1))
                    .isInstanceOfSatisfying(
                            MtcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECONNRESET));
            other.close();

            var second = new Socket(STACK, PORT);
            listener.accept().abort();
            assertThatThrownBy(() -> second.getInputStream().read()).isInstanceOf(SocketException.class);
            second.close();
        }
    }

    /** The sender fills both buffers and stops; nothing is lost when the receiver goes on. */
    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void receiverThatDoesNotRead_stopsTheSender_untilItReads(String offload) throws Exception {
        try (Jmtcp jmtcp = open(offload, 1500, 1);
                Context context = jmtcp.createContext(0);
                MtcpSocket listener = listen(context)) {
            var socket = new Socket();
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(STACK, PORT));
            End kernel = End.of(socket);
            End stack = End.of(listener.accept());
            stall(context, stack, kernel);
            stall(context, kernel, stack);
            stack.close();
            kernel.close();
        }
    }

    private void stall(Context context, End sender, End receiver) throws Exception {
        int length = 20 * MEGABYTE;
        Future<byte[]> sent = threads.submit(() -> send(sender, 3, length));
        // Both sides have come to rest once nothing moves for a while; a slow machine only makes this test less strict.
        long before = -1;
        while (before != activity(context)) {
            before = activity(context);
            TimeUnit.MILLISECONDS.sleep(300);
        }
        assertThat(sent.isDone()).as("all is sent, though nobody reads").isFalse();
        byte[] got = receive(receiver, length);
        assertThat(HexFormat.of().formatHex(got))
                .isEqualTo(HexFormat.of().formatHex(sent.get(SECONDS, TimeUnit.SECONDS)));
    }

    /** How much has passed, in units that probes do not fill. */
    private static long activity(Context context) throws Exception {
        return context.call(() ->
                (context.counters().value(Counter.RX_BYTES) + context.counters().value(Counter.TX_BYTES)) / 100_000);
    }

    @Test
    void shortConnections_oneAfterTheOtherEitherWay_allWork() throws Exception {
        try (Jmtcp jmtcp = open("on", 1500, 1);
                Context context = jmtcp.createContext(0);
                MtcpSocket listener = listen(context);
                ServerSocket kernelListener = listenInKernel()) {
            for (int i = 0; i < 1000; i++) {
                boolean kernelConnects = i % 2 == 0;
                boolean kernelCloses = i % 4 < 2;
                End kernel;
                End stack;
                if (kernelConnects) {
                    kernel = End.of(new Socket(STACK, PORT));
                    stack = End.of(listener.accept());
                } else {
                    MtcpSocket socket = context.socket();
                    socket.connect(new InetSocketAddress(KERNEL, PORT));
                    stack = End.of(socket);
                    kernel = End.of(kernelListener.accept());
                }
                End first = kernelCloses ? kernel : stack;
                End last = kernelCloses ? stack : kernel;
                first.write(new byte[] {(byte) i}, 1);
                first.close();
                var got = new byte[2];
                assertThat(last.read(got, 0, 2)).isEqualTo(1);
                assertThat(got[0]).isEqualTo((byte) i);
                assertThat(last.read(got, 0, 2)).isEqualTo(-1);
                last.close();
            }
        }
    }

    @Test
    void manyConnectionsAtOnce_eitherWay_allWork() throws Exception {
        try (Jmtcp jmtcp = open("on", 1500, 1);
                Context context = jmtcp.createContext(0);
                MtcpSocket listener = listen(context);
                ServerSocket kernelListener = listenInKernel()) {
            var ends = new ArrayList<End[]>();
            for (int i = 0; i < 200; i++) {
                var socket = new Socket(STACK, PORT);
                ends.add(new End[] {End.of(socket), End.of(listener.accept())});
                MtcpSocket other = context.socket();
                other.connect(new InetSocketAddress(KERNEL, PORT));
                ends.add(new End[] {End.of(other), End.of(kernelListener.accept())});
            }
            var parts = new ArrayList<Future<String>>();
            for (End[] pair : ends) {
                parts.add(threads.submit(() -> HexFormat.of().formatHex(send(pair[0], 5, 100_000))));
                parts.add(threads.submit(() -> HexFormat.of().formatHex(receive(pair[1], 100_000))));
            }
            for (int i = 0; i < parts.size(); i += 2) {
                assertThat(parts.get(i + 1).get(SECONDS, TimeUnit.SECONDS))
                        .isEqualTo(parts.get(i).get(SECONDS, TimeUnit.SECONDS));
            }
            for (End[] pair : ends) {
                pair[0].close();
                pair[1].close();
            }
        }
    }

    /** The kernel ends a connection whose peer does not answer two probes, a second apart. */
    @Test
    void idleConnection_keepaliveOfTheKernel_isAnswered() throws Exception {
        String before = set("tcp_keepalive_time=1 tcp_keepalive_intvl=1 tcp_keepalive_probes=2");
        try (Jmtcp jmtcp = open("on", 1500, 1);
                Context context = jmtcp.createContext(0);
                MtcpSocket listener = listen(context)) {
            var socket = new Socket(STACK, PORT);
            socket.setKeepAlive(true);
            MtcpSocket other = listener.accept();
            TimeUnit.SECONDS.sleep(5);
            exchange(End.of(socket), End.of(other), 1000);
        } finally {
            set(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp_sack=0",
                "tcp_timestamps=0",
                "tcp_window_scaling=0",
                "tcp_sack=0 tcp_timestamps=0 tcp_window_scaling=0",
                "tcp_ecn=1",
                "tcp_mtu_probing=2",
                "tcp_slow_start_after_idle=0 tcp_no_metrics_save=1",
            })
    void transferBothWays_kernelWithOtherSettings_arrivesIntact(String settings) throws Exception {
        String before = set(settings);
        JmtcpConfig config = config("off", 1500, 1).with("fault.loss", "0.5%").with("fault.seed", "7");
        try (Jmtcp jmtcp = Jmtcp.init(config, driver(config));
                Context context = jmtcp.createContext(0)) {
            kernelConnects(context, MEGABYTE);
            stackConnects(context, MEGABYTE);
        } finally {
            set(before);
        }
    }

    /** Changes settings of the kernel's TCP in this network; what they were. */
    private static String set(String settings) throws IOException {
        var before = new ArrayList<String>();
        for (String setting : settings.split(" ", -1)) {
            int equals = setting.indexOf('=');
            String name = setting.substring(0, equals);
            Path file = Path.of("/proc/sys/net/ipv4", name);
            before.add(name + "=" + Files.readString(file).strip());
            Files.writeString(file, setting.substring(equals + 1));
        }
        return String.join(" ", before);
    }

    /** Two stacks with the kernel for a router between them, whose way to one of them is narrower than both know. */
    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void transferThroughTheKernel_narrowPath_isFoundAndArrivesIntact(String offload) throws Exception {
        Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
        JmtcpConfig otherConfig = config("tap1", "10.9.1.2", "10.9.1.1", offload, 1500, 1);
        try (Jmtcp jmtcp = open(offload, 1500, 1);
                Jmtcp otherJmtcp = Jmtcp.init(otherConfig, driver(otherConfig));
                Context context = jmtcp.createContext(0);
                Context other = otherJmtcp.createContext(0);
                MtcpSocket listener = listen(other)) {
            Namespace.run("ip route replace 10.9.1.0/24 dev tap1 mtu 1000");
            MtcpSocket socket = context.socket();
            socket.connect(new InetSocketAddress("10.9.1.2", PORT));
            exchange(End.of(socket), End.of(listener.accept()), 5 * MEGABYTE);
            long errors = context.call(() -> context.counters().value(Counter.ICMP_ERRORS_IN));
            assertThat(errors).as("messages that the path is narrower").isPositive();
        }
    }
}
