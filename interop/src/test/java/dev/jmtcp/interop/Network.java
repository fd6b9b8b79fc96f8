package dev.jmtcp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.driver.Driver;
import dev.jmtcp.core.driver.DriverRegistry;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.Jmtcp;
import dev.jmtcp.core.socket.MtcpSocket;
import dev.jmtcp.testsupport.Namespace;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** A network of two: the stack, and the kernel of a namespace that was made for it. */
final class Network implements AutoCloseable {

    static final String STACK = "10.9.0.2";
    static final String KERNEL = "10.9.0.1";
    static final int PORT = 8080;

    /** The kernel's side, where programs run. */
    final Namespace kernel;

    final Context context;
    private final Site site;
    private final Jmtcp jmtcp;

    /**
     * What a network is to be.
     *
     * @param lines further lines of the stack's configuration, which count more than those there are
     * @param kernel settings of the kernel's network, by their names for sysctl without the leading {@code net.}
     */
    record Setup(Wire wire, int mtu, boolean offload, String lines, Map<String, String> kernel) {

        private static final String LINES = """
                num_cores = 1
                rcvbuf = 1m
                sndbuf = 1m
                max_concurrency = 10000
                max_num_buffers = 10000
                tcp_timeout = off
                """;

        static Setup of(Wire wire) {
            return new Setup(wire, 1500, true, LINES, Map.of());
        }

        Setup withMtu(int value) {
            return new Setup(wire, value, offload, lines, kernel);
        }

        Setup withOffload(boolean value) {
            return new Setup(wire, mtu, value, lines, kernel);
        }

        Setup with(String moreLines) {
            return new Setup(wire, mtu, offload, lines + moreLines + "\n", kernel);
        }

        Setup withKernel(Map<String, String> settings) {
            return new Setup(wire, mtu, offload, lines, settings);
        }

        /** A site for a stack that is a program of its own. */
        Site site() throws IOException {
            return new Site(this);
        }

        /** A network with a stack in this program. */
        Network open() throws IOException {
            return new Network(this);
        }

        Wire.Plan plan() {
            return new Wire.Plan(mtu, offload, STACK, KERNEL);
        }
    }

    private Network(Setup setup) throws IOException {
        site = new Site(setup);
        kernel = site.kernel;
        Jmtcp opened = null;
        try {
            var config = JmtcpConfig.parse(site.config);
            var registry = new DriverRegistry(
                    List.of(new Driver(config.io(), setup.wire().provider(), "tests")), List.of());
            opened = stackSide().call(() -> Jmtcp.init(config, registry.open(config, System::nanoTime)));
            jmtcp = opened;
            context = stackSide().call(() -> jmtcp.createContext(0));
        } catch (IOException | RuntimeException | Error e) {
            try (site) {
                if (opened != null) {
                    opened.close();
                }
            }
            throw e;
        }
    }

    // ---- The stack's side

    MtcpSocket listen() throws IOException {
        MtcpSocket listener = context.socket();
        listener.bind(new InetSocketAddress(PORT));
        listener.listen(4096);
        return listener;
    }

    /** A connection that the stack makes to a port of the kernel's side. */
    MtcpSocket connect(int port) throws IOException {
        MtcpSocket socket = context.socket();
        assertThat(socket.connect(new InetSocketAddress(KERNEL, port))).isTrue();
        return socket;
    }

    long count(Counter counter) {
        return context.counters().value(counter);
    }

    // ---- The kernel's side

    /** A program that is just being started, of any test, may still have a copy of a listener closed before. */
    ServerSocket listenInKernel() throws IOException {
        var listener = new AtomicReference<ServerSocket>();
        Patience.until("the port is free", () -> listen(listener), () -> kernel.run("ss --tcp --all --numeric"));
        return listener.get();
    }

    private boolean listen(AtomicReference<ServerSocket> listener) throws IOException {
        return kernel.call(() -> {
            try {
                listener.set(new ServerSocket(PORT, 4096, InetAddress.getByName(KERNEL)));
                return true;
            } catch (BindException _) {
                return false;
            }
        });
    }

    /** A connection that the kernel makes to the stack. */
    Socket connectFromKernel() throws IOException {
        return connectFromKernel(_ -> {});
    }

    /** What is done to a socket before it connects. */
    @FunctionalInterface
    interface Preparation {
        void prepare(Socket socket) throws IOException;
    }

    /** A connection that the kernel makes to the stack. A socket comes to be when it is first used, so all of that is done within the namespace. */
    Socket connectFromKernel(Preparation preparation) throws IOException {
        return kernel.call(() -> {
            var socket = new Socket();
            preparation.prepare(socket);
            socket.connect(new InetSocketAddress(STACK, PORT));
            return socket;
        });
    }

    /** What ss tells of the kernel's connections in some states, in its words, one a line. */
    String connectionsInKernel(String states) throws IOException {
        return kernel.run("ss --no-header --tcp --numeric --options --info --oneline state " + states)
                .strip();
    }

    // ---- Both

    /** A connection, its end in the kernel and its end in the stack. */
    record Connection(Socket kernel, MtcpSocket stack) {

        void close() throws IOException {
            kernel.close();
            stack.close();
        }
    }

    /** A new connection. */
    Connection connection(Opener opener) throws IOException {
        return switch (opener) {
            case KERNEL -> {
                try (MtcpSocket listener = listen()) {
                    var socket = connectFromKernel();
                    yield new Connection(socket, listener.accept());
                }
            }
            case STACK -> {
                try (ServerSocket listener = listenInKernel()) {
                    MtcpSocket socket = connect(PORT);
                    yield new Connection(listener.accept(), socket);
                }
            }
        };
    }

    /** Who opens a connection. */
    enum Opener {
        KERNEL,
        STACK
    }

    /** Waits until neither side has anything left of any connection but what the kernel keeps in TIME-WAIT. */
    void awaitNoConnections() throws IOException {
        Patience.until("connections of the stack end", () -> context.connections() == 0, context::connections);
        Patience.until(
                "connections of the kernel end",
                () -> connectionsInKernel("connected exclude time-wait").isEmpty(),
                () -> connectionsInKernel("connected exclude time-wait"));
    }

    /** Where the stack's threads are. */
    Namespace stackSide() {
        return site.joint.stackSide();
    }

    @Override
    public void close() throws IOException {
        try (site) {
            jmtcp.close();
        }
    }
}
