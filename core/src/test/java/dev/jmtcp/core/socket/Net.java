package dev.jmtcp.core.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jmtcp.core.stack.SimHost;
import dev.jmtcp.core.stack.Stack;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.driver.sim.FrameFilter;
import dev.jmtcp.driver.sim.Simulation;
import dev.jmtcp.driver.sim.VirtualClock;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.driver.sim.WireConfig;
import dev.jmtcp.spi.PacketIoException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * Two hosts on a wire in virtual time, with a context each, in the test's own thread: a call that waits lets the whole network go on. So what one side waits
 * for, the other must have been asked for before.
 */
final class Net implements AutoCloseable {

    static final long MILLISECOND = 1_000_000;
    static final long SECOND = 1_000 * MILLISECOND;

    /** Who waits longer for something to happen at all waits in vain. */
    private static final long PATIENCE = 24 * 3_600 * SECOND;

    final VirtualClock clock = new VirtualClock(1_000 * SECOND);
    final Simulation simulation = new Simulation(clock);
    final Wire wire;
    final SimHost serverHost;
    final SimHost clientHost;
    final Context server;
    final Context client;
    private boolean busy;

    Net() {
        this(WireConfig.DEFAULT, TcpSettings.DEFAULTS);
    }

    Net(TcpSettings settings) {
        this(WireConfig.DEFAULT, settings);
    }

    Net(WireConfig config, TcpSettings settings) {
        this(config, settings, 64 << 20);
    }

    /**
     * Two hosts.
     *
     * @param bufferBytes the memory of each for the data of connections
     */
    Net(WireConfig config, TcpSettings settings, long bufferBytes) {
        try {
            wire = Wire.create(config);
            serverHost = new SimHost(wire, clock, 1, 1, settings, bufferBytes, 1);
            clientHost = new SimHost(wire, clock, 2, 1, settings, bufferBytes, 2);
        } catch (PacketIoException e) {
            throw new AssertionError(e);
        }
        simulation.add(wire);
        server = context(serverHost.stack());
        client = context(clientHost.stack());
    }

    private Context context(Stack stack) {
        simulation.add(new Simulation.Node() {
            @Override
            public boolean step(long now) {
                boolean did = stack.step(now);
                busy |= did;
                return did;
            }

            @Override
            public long nextDeadline() {
                return stack.nextDeadline();
            }
        });
        return Context.over(stack, clock, this::turn);
    }

    /** Lets the network go on until something happens or the time is up. */
    private void turn(long until) {
        long limit = until == Call.FOREVER ? PATIENCE : Math.max(0, until - clock.now());
        busy = false;
        if (!simulation.runUntil(() -> busy, limit) && until == Call.FOREVER) {
            throw new AssertionError("waits for something that never happens");
        }
    }

    /** Lets so much time pass. */
    void run(long nanos) {
        simulation.runFor(nanos);
    }

    /** Lets everything happen that happens at once or within a round trip or two. */
    void settle() {
        run(MILLISECOND);
    }

    /** Lets time pass until a condition holds. */
    void until(BooleanSupplier condition) {
        if (!simulation.runUntil(condition, PATIENCE)) {
            throw new AssertionError("never came to hold");
        }
    }

    static InetSocketAddress address(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    static InetSocketAddress serverAddress(int port) {
        return address("10.0.0.1", port);
    }

    MtcpSocket listen(int port) throws MtcpException {
        MtcpSocket listener = server.socket();
        listener.bind(address("0.0.0.0", port));
        listener.listen(16);
        return listener;
    }

    /** A connection, established. */
    Pair connect() throws MtcpException {
        try (MtcpSocket listener = listen(80)) {
            MtcpSocket near = client.socket();
            near.connect(serverAddress(80));
            return new Pair(near, listener.accept());
        }
    }

    /** The server's end of a connection to its port 81. */
    MtcpSocket connect81() throws MtcpException {
        try (MtcpSocket listener = listen(81)) {
            client.socket().connect(serverAddress(81));
            return listener.accept();
        }
    }

    /** A TCP segment that a host has sent. */
    record Sent(int flags, int payload, int trafficClass, int ttl) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** The segments that a host sends from now on. */
    static List<Sent> watch(SimHost host) {
        var sent = new ArrayList<Sent>();
        host.io.filter(0, (memory, offset, length, now) -> {
            if (Ethernet.type(memory, offset) == Ethernet.TYPE_IPV4) {
                long ip = offset + Ethernet.HEADER_LENGTH;
                long tcp = ip + Ipv4.headerLength(memory, ip);
                int payload = Ipv4.totalLength(memory, ip)
                        - Ipv4.headerLength(memory, ip)
                        - TcpHeader.headerLength(memory, tcp);
                sent.add(new Sent(
                        TcpHeader.flags(memory, tcp), payload, Ipv4.trafficClass(memory, ip), Ipv4.ttl(memory, ip)));
            }
            return FrameFilter.PASS;
        });
        return sent;
    }

    /** No segment that the host sends from now on arrives. */
    static void cut(SimHost host) {
        host.io.filter(
                0,
                FrameFilter.dropping(
                        (memory, offset, length, now) -> Ethernet.type(memory, offset) == Ethernet.TYPE_IPV4));
    }

    /** Both ends of a connection. */
    record Pair(MtcpSocket client, MtcpSocket server) {}

    /** Checks that a call fails so. */
    static void fails(Errno errno, ThrowingCallable call) {
        assertThat(catchThrowableOfType(MtcpException.class, call))
                .as("a failure with %s", errno)
                .isNotNull()
                .extracting(MtcpException::errno)
                .isEqualTo(errno);
    }

    /** Something to be done at a time of the simulation. */
    interface Action {
        void run() throws MtcpException;
    }

    /** Does something after some time. */
    void after(long nanos, Action action) {
        simulation.after(nanos, () -> {
            busy = true;
            try {
                action.run();
            } catch (MtcpException e) {
                throw new AssertionError(e);
            }
        });
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What a read brings, as text; "EOF" at the end, "EAGAIN" if there is nothing. */
    static String read(MtcpSocket socket) throws MtcpException {
        var buffer = ByteBuffer.allocate(1 << 16);
        int n = socket.read(buffer);
        return switch (n) {
            case -1 -> "EOF";
            case 0 -> "EAGAIN";
            default -> new String(buffer.array(), 0, n, StandardCharsets.US_ASCII);
        };
    }

    @Override
    public void close() {
        server.close();
        client.close();
        serverHost.close();
        clientHost.close();
        wire.close();
    }
}
