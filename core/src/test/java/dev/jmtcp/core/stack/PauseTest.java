package dev.jmtcp.core.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.tcp.Connection;
import dev.jmtcp.core.tcp.ConnectionOptions;
import dev.jmtcp.core.tcp.State;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.driver.sim.VirtualClock;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.spi.PacketIoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stack that gets no turn for longer than its timers run, as on a busy machine. */
class PauseTest {

    private static final int PORT = 80;
    private static final int CONNECTIONS = 8 * StackConfig.DEFAULT_BURST;
    private static final long TURN = 10_000;
    private static final long SECOND = 1_000_000_000;
    private static final MemorySegment MEMORY = Arena.global().allocate(1);

    private final VirtualClock clock = new VirtualClock();
    private final List<Connection> connections = new ArrayList<>();

    @Test
    void pause_moreThanABurstOfAcksWaits_nothingIsSentAgain() throws PacketIoException {
        var settings = TcpSettings.DEFAULTS.with().delayedAck(0).build();
        try (var wire = Wire.create();
                var server = new SimHost(wire, clock, 1, settings, 1);
                var client = new SimHost(wire, clock, 2, settings, 2)) {
            connect(client, server);
            for (Connection c : connections) {
                client.tcp().write(c, MEMORY, 0, 1);
            }
            client.stack().step(clock.now());
            turns(server);

            clock.advanceTo(clock.now() + SECOND);
            turns(client);

            assertThat(connections).allMatch(c -> c.unacknowledged() == 0);
            assertThat(client.stack().counters().value(Counter.TCP_RETRANSMITS)).isZero();
        }
    }

    private void connect(SimHost client, SimHost server) {
        server.tcp()
                .listen(
                        0,
                        0,
                        PORT,
                        2 * CONNECTIONS,
                        new ConnectionOptions(server.tcp().options()));
        var user = new Object();
        for (int i = 0; i < CONNECTIONS; i++) {
            Connection c = client.tcp()
                    .connect(0, 0, 0, 0, server.low(), PORT, client.tcp().options());
            c.attach(user);
            connections.add(c);
        }
        for (int i = 0; i < 10; i++) {
            turns(client);
            turns(server);
        }
        assertThat(connections).allMatch(c -> c.state() == State.ESTABLISHED);
    }

    /** Turns of one of them, until it has seen all that came. */
    private void turns(SimHost host) {
        for (int i = 0; i < 2 * CONNECTIONS / StackConfig.DEFAULT_BURST; i++) {
            clock.advanceTo(clock.now() + TURN);
            host.stack().step(clock.now());
        }
    }
}
