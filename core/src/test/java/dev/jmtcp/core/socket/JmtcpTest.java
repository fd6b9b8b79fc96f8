package dev.jmtcp.core.socket;

import static dev.jmtcp.core.socket.Net.bytes;
import static dev.jmtcp.core.socket.Net.fails;
import static dev.jmtcp.core.socket.Net.read;
import static dev.jmtcp.core.socket.Net.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.core.Allocation;
import dev.jmtcp.core.config.ConfigException;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.config.TcpConfig;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Toeplitz;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(100)
class JmtcpTest {

    private final Machines machines = new Machines();

    @AfterEach
    void close() {
        machines.close();
    }

    // ---- Run to completion

    /** A server with a thread of its own that sends back what it gets. */
    private void serveEcho() throws Exception {
        Context context = machines.server.createContext(0);
        MtcpSocket listener = context.socket();
        listener.bind(serverAddress(80));
        listener.listen(100);
        listener.blocking(false);
        Epoll epoll = context.epoll();
        epoll.add(listener, EpollEvent.IN);
        var events = new EpollEvents(16);
        MemorySegment memory = Arena.global().allocate(4096);
        context.onTurn(now -> {
            try {
                epoll.poll(events);
                for (int i = 0; i < events.count(); i++) {
                    MtcpSocket socket = events.socket(i);
                    if (socket == listener) {
                        MtcpSocket accepted = listener.accept();
                        accepted.blocking(false);
                        epoll.add(accepted, EpollEvent.IN);
                    } else {
                        answer(socket, memory);
                    }
                }
            } catch (MtcpException e) {
                throw new AssertionError(e);
            }
            return events.count() > 0;
        });
    }

    private static void answer(MtcpSocket socket, MemorySegment memory) throws MtcpException {
        int n = -1;
        try {
            n = socket.read(memory, 0, 4096);
            if (n > 0) {
                socket.write(memory, 0, n);
            }
        } catch (MtcpException e) {
            assertThat(e.errno()).as("the client's context was closed").isEqualTo(Errno.ECONNRESET);
        }
        if (n < 0) {
            socket.close();
        }
    }

    @Test
    void adoptContext_blockingCalls_turnTheStack() throws Exception {
        serveEcho();
        try (Context context = machines.client.adoptContext(0)) {
            assertThat(context.isOwner()).isTrue();
            MtcpSocket socket = context.socket();
            assertThat(socket.connect(serverAddress(80))).isTrue();
            socket.write(bytes("hello"));
            assertThat(read(socket)).isEqualTo("hello");
            Epoll epoll = context.epoll();
            epoll.add(socket, EpollEvent.IN);
            var events = new EpollEvents(1);
            assertThat(epoll.await(events, 20, TimeUnit.MILLISECONDS)).isZero();
            socket.write(bytes("again"));
            assertThat(epoll.await(events)).isEqualTo(1);
            assertThat(read(socket)).isEqualTo("again");
            socket.close();
        }
    }

    @Test
    void adoptContext_blockingRequests_allocateNothing() throws Exception {
        serveEcho();
        try (Context context = machines.client.adoptContext(0)) {
            MtcpSocket socket = context.socket();
            socket.connect(serverAddress(80));
            MemorySegment memory = Arena.global().allocate(64);
            Allocation.assertNone(() -> {
                try {
                    for (int i = 0; i < 1000; i++) {
                        socket.write(memory, 0, 64);
                        for (int got = 0; got < 64; ) {
                            got += socket.read(memory, got, 64 - got);
                        }
                    }
                } catch (MtcpException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @Test
    void adoptContext_otherThreads_areServedWhileTheOwnerWaits() throws Exception {
        serveEcho();
        try (Context context = machines.client.adoptContext(0)) {
            var done = new AtomicBoolean();
            var other = machines.start(() -> {
                try (MtcpSocket socket = context.socket()) {
                    socket.connect(serverAddress(80));
                    socket.write(bytes("from afar"));
                    return read(socket);
                } finally {
                    done.set(true);
                }
            });
            context.runWhile(() -> !done.get());
            assertThat(Machines.join(other)).isEqualTo("from afar");
        }
    }

    @Test
    void adoptContext_interruptedOwner_failsWithEintr() throws Exception {
        try (Context context = machines.client.adoptContext(0)) {
            Epoll epoll = context.epoll();
            Thread.currentThread().interrupt();
            fails(Errno.EINTR, () -> epoll.await(new EpollEvents(1)));
            assertThat(Thread.interrupted()).isTrue();
            machines.client.interrupt();
            fails(Errno.EINTR, () -> epoll.await(new EpollEvents(1)));
            assertThat(epoll.await(new EpollEvents(1), 1, TimeUnit.MILLISECONDS))
                    .isZero();
        }
    }

    @Test
    void turn_byAnotherThan_theOwnerIsRefused() throws Exception {
        Context context = machines.server.createContext(0);
        assertThatThrownBy(context::turn).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> context.runWhile(() -> true)).isInstanceOf(IllegalStateException.class);
        context.call(() -> {
            assertThatThrownBy(context::turn).hasMessageContaining("within a turn");
            return null;
        });
    }

    // ---- Contexts of cores

    @Test
    void contexts_ofCores_areMadeOnceEach() throws MtcpException {
        assertThat(machines.server.context(0)).isNull();
        Context context = machines.server.createContext(0);
        assertThat(machines.server.context(0)).isSameAs(context);
        assertThat(context.core()).isZero();
        fails(Errno.EEXIST, () -> machines.server.createContext(0));
        fails(Errno.EEXIST, () -> machines.server.adoptContext(0));
        fails(Errno.EINVAL, () -> machines.server.createContext(1));
        fails(Errno.EINVAL, () -> machines.server.createContext(-1));
        machines.server.close();
        fails(Errno.EPERM, () -> machines.server.createContext(0));
        fails(Errno.EPERM, () -> context.socket());
    }

    @Test
    void close_contextOfAnotherThreadOpen_isRefused() throws Exception {
        var adopted = new CompletableFuture<Context>();
        var end = new CountDownLatch(1);
        var thread = machines.start(() -> {
            adopted.complete(machines.client.adoptContext(0));
            end.await();
            return null;
        });
        Context context = Machines.join(adopted);
        assertThatThrownBy(machines.client::close).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(context::close).isInstanceOf(IllegalStateException.class);
        fails(Errno.EEXIST, () -> machines.client.createContext(0));
        end.countDown();
        Machines.join(thread);
        context.owner().join();
        machines.client.close();
        fails(Errno.EPERM, context::socket);
    }

    @Test
    void severalCores_shareAPortAndAnswerOnTheirOwn() throws Exception {
        var config = Machines.config("many", "10.0.0.3").with("num_cores", "2");
        var driver = new DriverConfig(
                2, List.of(PortConfig.of("many")), Map.of(), Toeplitz.symmetricKey(), System::nanoTime);
        serveEcho();
        try (Jmtcp many = Jmtcp.init(config, machines.wire.open(driver))) {
            for (int core = 0; core < 2; core++) {
                Context context = many.createContext(core);
                for (int i = 0; i < 8; i++) {
                    MtcpSocket socket = context.socket();
                    socket.connect(serverAddress(80));
                    socket.write(bytes("from core " + core));
                    assertThat(read(socket)).isEqualTo("from core " + core);
                    socket.close();
                }
            }
        }
    }

    // ---- Configuration

    @Test
    void init_driverByName_opensIt() throws Exception {
        try (Jmtcp jmtcp = Jmtcp.init(Machines.config("lonely", "10.9.9.9"))) {
            assertThat(jmtcp.io().ports().getFirst().name()).isEqualTo("lonely");
            assertThat(jmtcp.cores()).isEqualTo(1);
        }
    }

    @Test
    void init_unknownDriver_namesIt() {
        var config = Machines.config("lonely", "10.9.9.9").with("io", "pigeon");
        assertThatThrownBy(() -> Jmtcp.init(config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("pigeon");
    }

    @Test
    void init_portWithoutAddress_isRefusedAndTheDriverClosed() throws PacketIoException {
        var io = machines.wire.open("bare", System::nanoTime);
        var config = JmtcpConfig.parse("io = pcap-sim\nport = bare\nnum_cores = 1");
        assertThatThrownBy(() -> Jmtcp.init(config, io))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("bare");
        assertThatThrownBy(() -> io.queue(0).flush()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void config_changed_holdsForContextsMadeLater() throws Exception {
        machines.server.config(machines.server.config().with("rcvbuf", "1234").with("cc", "newreno"));
        Context context = machines.server.createContext(0);
        assertThat(context.socket().option(java.net.StandardSocketOptions.SO_RCVBUF))
                .isEqualTo(1234);
        assertThat(context.socket().option(MtcpOptions.TCP_CONGESTION)).isEqualTo("newreno");
        fails(
                Errno.EINVAL,
                () -> machines.server.config(machines.server.config().with("num_cores", "2")));
    }

    @Test
    void settings_ofTheDefaultConfiguration_areTheOnesConfigured() {
        TcpConfig config = TcpConfig.DEFAULT;
        TcpSettings settings = StackSettings.tcp(config, 123);
        assertThat(settings.maxConnections()).isEqualTo(123);
        assertThat(settings.receiveBuffer()).isEqualTo(config.receiveBuffer());
        assertThat(settings.idleTimeout()).isEqualTo(config.idleTimeout());
        assertThat(settings.timeWait()).isEqualTo(config.timeWait());
        assertThat(settings.noDelay()).isNotEqualTo(config.nagle());
        assertThat(StackSettings.tcp(config.with("tcp_timeout", "-1"), 1).idleTimeout())
                .isNegative();
    }

    @Test
    void affinitize_cpuThatIsThereOrNot_saysWhether() throws Exception {
        var pinned = machines.start(() -> Jmtcp.affinitize(0));
        Machines.join(pinned);
        var impossible = machines.start(() -> Jmtcp.affinitize(1 << 20));
        assertThat(Machines.join(impossible)).isFalse();
        var virtual = machines.start(Thread.ofVirtual(), () -> Jmtcp.affinitize(0));
        assertThat(Machines.join(virtual)).isFalse();
    }

    @Test
    void onInterrupt_sigint_runsTheHandler() throws Exception {
        var handled = new CompletableFuture<String>();
        assertThat(machines.server.onInterrupt(() -> handled.complete("stop"))).isTrue();
        raise("INT");
        assertThat(Machines.join(handled)).isEqualTo("stop");
    }

    @Test
    void onTermination_sigterm_runsTheHandler() throws Exception {
        var handled = new CompletableFuture<String>();
        assertThat(machines.server.onInterrupt(() -> handled.complete("interrupt")))
                .isTrue();
        assertThat(machines.server.onTermination(() -> handled.complete("end"))).isTrue();
        raise("TERM");
        assertThat(Machines.join(handled)).isEqualTo("end");
    }

    private static void raise(String name) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        signal.getMethod("raise", signal)
                .invoke(null, signal.getConstructor(String.class).newInstance(name));
    }
}
