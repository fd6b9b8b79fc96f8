package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.Allocation.assertNone;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Once warm, segments cost no allocation: a million of them between two engines, and connections that come and go. */
class TcpAllocationTest {

    private static final int PORT = 80;
    private static final int SEGMENTS_A_RUN = 250_000;

    private final TcpSettings.Builder settings = TcpSettings.DEFAULTS.with();

    /** Data both ways at once; a run is a quarter of a million segments, of which there are four at least. */
    @ParameterizedTest
    @ValueSource(strings = {"cubic", "newreno"})
    void dataBothWays_allocatesNothing(String congestionControl) {
        settings.congestionControl(congestionControl);
        try (Pair pair = new Pair(settings.build());
                Arena arena = Arena.ofConfined()) {
            Listener listener = pair.server.tcp.listen(0, 0, PORT, 16, pair.server.tcp.options());
            Connection near = pair.connect(PORT);
            for (int i = 0; i < 4; i++) {
                pair.turn(10);
            }
            Connection far = pair.server.tcp.accept(listener);
            MemorySegment buffer = arena.allocate(1 << 16);
            assertNone(() -> transfer(pair, near, far, buffer));
            assertThat(pair.client.out.committed + pair.server.out.committed).isGreaterThan(4 * SEGMENTS_A_RUN);
            assertThat(near.info().totalRetransmits() + far.info().totalRetransmits())
                    .isZero();
            pair.client.tcp.shutDown();
            pair.server.tcp.shutDown();
        }
    }

    private static void transfer(Pair pair, Connection near, Connection far, MemorySegment buffer) {
        long until = pair.client.out.committed + pair.server.out.committed + SEGMENTS_A_RUN;
        while (pair.client.out.committed + pair.server.out.committed < until) {
            pair.client.tcp.write(near, buffer, 0, 1 << 16);
            pair.server.tcp.write(far, buffer, 0, 1 << 16);
            pair.turn(10);
            pair.client.tcp.read(near, buffer, 0, 1 << 16);
            pair.server.tcp.read(far, buffer, 0, 1 << 16);
            drainEvents(pair);
        }
    }

    private static void drainEvents(Pair pair) {
        for (Connection c = pair.client.tcp.pollEvent(); c != null; c = pair.client.tcp.pollEvent()) {
            c.takeEvents();
        }
        for (Connection c = pair.server.tcp.pollEvent(); c != null; c = pair.server.tcp.pollEvent()) {
            c.takeEvents();
        }
    }

    /** Now and then a segment is lost: recovery and reassembly allocate nothing either, as long as no more is in flight than idle records keep room for. */
    @Test
    void dataWithLosses_allocatesNothing() {
        settings.sendBuffer(64 << 10);
        try (Pair pair = new Pair(settings.build());
                Arena arena = Arena.ofConfined()) {
            Listener listener = pair.server.tcp.listen(0, 0, PORT, 16, pair.server.tcp.options());
            Connection near = pair.connect(PORT);
            for (int i = 0; i < 4; i++) {
                pair.turn(10);
            }
            Connection far = pair.server.tcp.accept(listener);
            MemorySegment buffer = arena.allocate(1 << 16);
            assertNone(() -> {
                long until = pair.client.out.committed + SEGMENTS_A_RUN / 5;
                for (int turn = 0; pair.client.out.committed < until; turn++) {
                    pair.client.tcp.write(near, buffer, 0, 1 << 16);
                    pair.pass(100);
                    pair.turnOfClient();
                    if (turn % 50 == 0 && !pair.client.out.isEmpty()) {
                        pair.client.out.drop();
                    }
                    pair.turnOfServer();
                    pair.server.tcp.read(far, buffer, 0, 1 << 16);
                    drainEvents(pair);
                }
            });
            assertThat(near.info().totalRetransmits()).isGreaterThan(20);
            pair.client.tcp.shutDown();
            pair.server.tcp.shutDown();
        }
    }

    /** Connections are opened, used and closed, from either side, one after the other. */
    @Test
    void connectionsThatComeAndGo_allocateNothing() {
        settings.timeWait(0);
        try (Pair pair = new Pair(settings.build());
                Arena arena = Arena.ofConfined()) {
            Listener listener = pair.server.tcp.listen(0, 0, PORT, 16, pair.server.tcp.options());
            MemorySegment buffer = arena.allocate(1 << 16);
            Object user = new Object();
            assertNone(() -> {
                for (int i = 0; i < 2_000; i++) {
                    Connection near = pair.connect(PORT);
                    near.attach(user);
                    pair.client.tcp.write(near, buffer, 0, 1000);
                    pair.turn(10);
                    pair.turn(10);
                    Connection far = pair.server.tcp.accept(listener);
                    far.attach(user);
                    pair.turn(10);
                    int got = pair.server.tcp.read(far, buffer, 0, 2000);
                    pair.server.tcp.write(far, buffer, 0, 3 * got);
                    pair.turn(10);
                    pair.turn(10);
                    pair.client.tcp.read(near, buffer, 0, 5000);
                    Pair.Side first = i % 2 == 0 ? pair.client : pair.server;
                    Pair.Side second = i % 2 == 0 ? pair.server : pair.client;
                    first.tcp.close(i % 2 == 0 ? near : far);
                    pair.turn(10);
                    pair.turn(10);
                    second.tcp.close(i % 2 == 0 ? far : near);
                    for (int k = 0; k < 4; k++) {
                        pair.turn(100);
                    }
                    drainEvents(pair);
                    pair.server.tcp.pollListener();
                }
            });
            pair.client.assertEmpty();
            pair.server.assertEmpty();
        }
    }

    /** Connections that are refused, reset and given up. */
    @Test
    void connectionsThatFail_allocateNothing() {
        settings.timeWait(0);
        try (Pair pair = new Pair(settings.build())) {
            Object user = new Object();
            assertNone(() -> {
                for (int i = 0; i < 2_000; i++) {
                    Connection near = pair.connect(PORT); // nobody listens
                    near.attach(user);
                    pair.turn(10);
                    pair.turn(10);
                    drainEvents(pair);
                    near.detach();
                    Connection other = pair.connect(PORT);
                    other.attach(user);
                    pair.client.tcp.abort(other);
                    other.detach();
                    pair.turn(10);
                    drainEvents(pair);
                }
            });
            pair.client.assertEmpty();
            pair.server.assertEmpty();
        }
    }
}
