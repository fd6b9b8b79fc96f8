package dev.jmtcp.core.stack;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.tcp.CloseReason;
import dev.jmtcp.core.tcp.Connection;
import dev.jmtcp.core.tcp.ConnectionOptions;
import dev.jmtcp.core.tcp.Events;
import dev.jmtcp.core.tcp.Listener;
import dev.jmtcp.core.tcp.Tcp;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.driver.sim.Impairments;
import dev.jmtcp.driver.sim.Simulation;
import dev.jmtcp.driver.sim.VirtualClock;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.driver.sim.WireConfig;
import dev.jmtcp.spi.PacketIoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Downloads from one host to another in virtual time: how long each takes, from the SYN to the FIN, and what it takes. The same for the same seed. What the
 * bytes are does not matter here; {@link NetworkRunTest} compares them.
 */
final class Transfers {

    private static final int PORT = 80;
    private static final int FIRST_CLIENT_PORT = 10_000;
    private static final long LIMIT = 3_600_000_000_000L;

    /**
     * What has come of a run.
     *
     * @param nanos how long each download took, sorted
     * @param retransmits segments sent again
     * @param timeouts retransmission timeouts
     * @param spurious what was sent again for nothing, as reported by DSACK
     */
    record Outcome(long[] nanos, long retransmits, long timeouts, long spurious) {

        /** The download that so many percent of all are no slower than, in milliseconds. */
        double percentile(int percent) {
            return nanos[Math.min(nanos.length - 1, nanos.length * percent / 100)] / 1e6;
        }

        double mean() {
            return Arrays.stream(nanos).average().orElseThrow() / 1e6;
        }
    }

    private Transfers() {}

    /**
     * Runs them.
     *
     * @param count how many, one after another
     * @param bytes of each
     */
    static Outcome run(TcpSettings settings, Impairments impairments, long seed, int count, long bytes)
            throws PacketIoException {
        var clock = new VirtualClock(1_000_000_000L);
        var simulation = new Simulation(clock);
        var config = WireConfig.DEFAULT.withSeed(seed).withImpairments(impairments);
        try (var wire = Wire.create(config);
                var server = new SimHost(wire, clock, 1, settings, seed);
                var client = new SimHost(wire, clock, 2, settings, seed + 1)) {
            simulation.add(wire);
            server.join(simulation);
            client.join(simulation);
            var serving = new Serving(server.stack(), bytes);
            var asking = new Asking(client.stack(), clock);
            long[] nanos = new long[count];
            for (int i = 0; i < count; i++) {
                long from = clock.now();
                asking.connect(server, FIRST_CLIENT_PORT + i);
                if (!simulation.runUntil(() -> asking.done, LIMIT) || asking.received != bytes || serving.failed) {
                    throw new AssertionError("download " + i + " of seed " + seed + " has come to " + asking.received);
                }
                nanos[i] = asking.doneAt - from;
            }
            Arrays.sort(nanos);
            var counters = server.stack().counters();
            return new Outcome(
                    nanos,
                    counters.value(Counter.TCP_RETRANSMITS),
                    counters.value(Counter.TCP_TIMEOUTS),
                    counters.value(Counter.TCP_SPURIOUS));
        }
    }

    /** Sends so many bytes on each connection, and closes it. */
    private static final class Serving implements StackClient {

        private final MemorySegment scratch = Arena.global().allocate(1 << 16);
        private final Tcp tcp;
        private final long bytes;
        boolean failed;

        Serving(Stack stack, long bytes) {
            tcp = stack.tcp();
            this.bytes = bytes;
            tcp.listen(0, 0, PORT, 16, new ConnectionOptions(tcp.options()));
            stack.client(this);
        }

        @Override
        public boolean turn(long now) {
            boolean busy = false;
            for (Listener listener = tcp.pollListener(); listener != null; listener = tcp.pollListener()) {
                for (Connection c = tcp.accept(listener); c != null; c = tcp.accept(listener)) {
                    c.attach(new long[] {bytes});
                    send(c);
                    busy = true;
                }
            }
            for (Connection c = tcp.pollEvent(); c != null; c = tcp.pollEvent()) {
                int events = c.takeEvents();
                if (c.user() != null && (events & Events.CLOSED) != 0) {
                    failed |= c.error() != CloseReason.NORMAL;
                    c.detach();
                } else if (c.user() != null) {
                    send(c);
                }
                busy = true;
            }
            return busy;
        }

        private void send(Connection c) {
            long[] left = (long[]) c.user();
            while (left[0] > 0) {
                int taken = tcp.write(c, scratch, 0, (int) Math.min(left[0], scratch.byteSize()));
                if (taken <= 0) {
                    return;
                }
                left[0] -= taken;
                if (left[0] == 0) {
                    tcp.shutdownOutput(c);
                }
            }
        }
    }

    /** Takes all there is and closes. */
    private static final class Asking implements StackClient {

        private final MemorySegment scratch = Arena.global().allocate(1 << 16);
        private final Tcp tcp;
        private final VirtualClock clock;
        private long received;
        private long doneAt;
        private boolean done;

        Asking(Stack stack, VirtualClock clock) {
            tcp = stack.tcp();
            this.clock = clock;
            stack.client(this);
        }

        void connect(SimHost to, int localPort) {
            done = false;
            received = 0;
            tcp.connect(0, 0, localPort, 0, to.low(), PORT, tcp.options()).attach(this);
        }

        @Override
        public boolean turn(long now) {
            boolean busy = false;
            for (Connection c = tcp.pollEvent(); c != null; c = tcp.pollEvent()) {
                int events = c.takeEvents();
                while (c.readable() > 0) {
                    received += tcp.read(c, scratch, 0, (int) scratch.byteSize());
                }
                if (c.user() != null && (events & Events.CLOSED) != 0) {
                    c.detach();
                } else if (c.user() != null && c.atEnd() && !done) {
                    done = true;
                    doneAt = clock.now();
                    tcp.close(c);
                }
                busy = true;
            }
            return busy;
        }
    }
}
