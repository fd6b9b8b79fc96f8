package dev.jmtcp.core.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.Allocation;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.tcp.CloseReason;
import dev.jmtcp.core.tcp.Connection;
import dev.jmtcp.core.tcp.ConnectionOptions;
import dev.jmtcp.core.tcp.Events;
import dev.jmtcp.core.tcp.Listener;
import dev.jmtcp.core.tcp.State;
import dev.jmtcp.core.tcp.Tcp;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.driver.sim.VirtualClock;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.spi.PacketIoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What two hosts on a perfect wire need of memory: nothing a packet once warm, no buffer for a connection at rest. */
class MemoryTest {

    private static final int PORT = 80;
    private static final int MESSAGE = 64;
    private static final long TURN = 10_000;
    private static final long MILLION = 1_000_000;
    private static final MemorySegment MEMORY = Arena.global().allocate(1 << 16);

    private final VirtualClock clock = new VirtualClock();

    /** Echoes what it is sent; closes when its peer has. */
    private static StackClient echo(Tcp tcp) {
        var user = new Object();
        return _ -> {
            for (Listener l = tcp.pollListener(); l != null; l = tcp.pollListener()) {
                for (Connection c = tcp.accept(l); c != null; c = tcp.accept(l)) {
                    c.attach(user);
                    answer(tcp, c, 0);
                }
            }
            for (Connection c = tcp.pollEvent(); c != null; c = tcp.pollEvent()) {
                answer(tcp, c, c.takeEvents());
            }
            return false;
        };
    }

    private static void answer(Tcp tcp, Connection c, int events) {
        while (c.readable() >= MESSAGE && c.writable() >= MESSAGE) {
            tcp.read(c, MEMORY, 0, MESSAGE);
            tcp.write(c, MEMORY, 0, MESSAGE);
        }
        if ((events & Events.CLOSED) != 0) {
            c.detach();
        } else if (c.peerClosed() && c.readable() == 0) {
            tcp.close(c);
        }
    }

    /** Asks so often, and closes; then does it again with another connection. */
    private static final class Asker implements StackClient {
        private final Tcp tcp;
        private final long server;
        private final int atOnce;
        private final int questions;
        private int open;
        private int failed;

        Asker(Tcp tcp, long server, int atOnce, int questions) {
            this.tcp = tcp;
            this.server = server;
            this.atOnce = atOnce;
            this.questions = questions;
        }

        @Override
        public boolean turn(long now) {
            while (open < atOnce) {
                Connection c = tcp.connect(0, 0, 0, 0, server, PORT, tcp.options());
                c.attach(this);
                open++;
            }
            for (Connection c = tcp.pollEvent(); c != null; c = tcp.pollEvent()) {
                int events = c.takeEvents();
                if ((events & Events.CLOSED) != 0) {
                    failed += c.error() == CloseReason.NORMAL ? 0 : 1;
                    open--;
                    c.detach();
                } else if ((events & Events.CONNECTED) != 0) {
                    tcp.write(c, MEMORY, 0, MESSAGE);
                } else {
                    next(c);
                }
            }
            return false;
        }

        private void next(Connection c) {
            while (c.readable() >= MESSAGE) {
                tcp.read(c, MEMORY, 0, MESSAGE);
                if (c.bytesReceived() < (long) questions * MESSAGE) {
                    tcp.write(c, MEMORY, 0, MESSAGE);
                } else {
                    tcp.close(c);
                    open--;
                    return;
                }
            }
        }
    }

    @Test
    void warmStacks_aMillionPackets_allocateNothing() throws PacketIoException {
        var settings = TcpSettings.DEFAULTS
                .with()
                .timeWait(0)
                .portLow(1025)
                .portHigh(65_535)
                .build();
        try (var wire = Wire.create();
                var server = new SimHost(wire, clock, 1, settings, 1);
                var client = new SimHost(wire, clock, 2, settings, 2)) {
            server.tcp()
                    .listen(0, 0, PORT, 1000, new ConnectionOptions(server.tcp().options()));
            server.stack().client(echo(server.tcp()));
            var asker = new Asker(client.tcp(), server.low(), 64, 20);
            client.stack().client(asker);
            run(server, client, MILLION);
            long before = Allocation.allocated();
            run(server, client, MILLION);
            long bytes = Allocation.allocated() - before;
            // A record or array in reserve may still be made once; a byte in a hundred packets is none a packet.
            assertThat(bytes).as("bytes allocated for a million packets").isLessThan(10_000);
            assertThat(asker.failed).isZero();
            assertThat(client.stack().counters().value(Counter.TCP_RETRANSMITS)).isZero();
        }
    }

    private void run(SimHost server, SimHost client, long packets) {
        long end = received(server, client) + packets;
        for (long turns = 0; received(server, client) < end; turns++) {
            clock.advanceTo(clock.now() + TURN);
            client.stack().step(clock.now());
            server.stack().step(clock.now());
            if (turns > packets) {
                throw new AssertionError("packets have stopped at " + received(server, client));
            }
        }
    }

    private static long received(SimHost server, SimHost client) {
        return server.stack().counters().value(Counter.RX_FRAMES)
                + client.stack().counters().value(Counter.RX_FRAMES);
    }

    @Test
    void idleConnections_afterTraffic_holdNoBuffers() throws PacketIoException {
        int count = 1000;
        var settings = TcpSettings.DEFAULTS;
        try (var wire = Wire.create();
                var server = new SimHost(wire, clock, 1, settings, 1);
                var client = new SimHost(wire, clock, 2, settings, 2)) {
            server.tcp()
                    .listen(
                            0,
                            0,
                            PORT,
                            2 * count,
                            new ConnectionOptions(server.tcp().options()));
            server.stack().client(echo(server.tcp()));
            List<Connection> connections = new ArrayList<>();
            var user = new Object();
            for (int i = 0; i < count; i++) {
                Connection c = client.tcp()
                        .connect(0, 0, 0, 0, server.low(), PORT, client.tcp().options());
                c.attach(user);
                connections.add(c);
            }
            turns(server, client, 100);
            assertThat(connections).allMatch(c -> c.state() == State.ESTABLISHED);
            for (Connection c : connections) {
                assertThat(client.tcp().write(c, MEMORY, 0, MESSAGE)).isEqualTo(MESSAGE);
            }
            assertThat(client.stack().bufferBytesInUse())
                    .as("while there is something to send")
                    .isPositive();
            turns(server, client, 100);
            for (Connection c : connections) {
                assertThat(client.tcp().read(c, MEMORY, 0, MESSAGE)).isEqualTo(MESSAGE);
            }
            clock.advanceTo(clock.now() + 1_000_000_000);
            turns(server, client, 100);
            assertThat(client.stack().bufferBytesInUse())
                    .as("buffers of %d idle connections", count)
                    .isZero();
            assertThat(server.stack().bufferBytesInUse()).isZero();
            assertThat(server.connections()).isEqualTo(count);
        }
    }

    private void turns(SimHost server, SimHost client, int turns) {
        for (int i = 0; i < turns; i++) {
            clock.advanceTo(clock.now() + TURN);
            client.stack().step(clock.now());
            server.stack().step(clock.now());
        }
    }
}
