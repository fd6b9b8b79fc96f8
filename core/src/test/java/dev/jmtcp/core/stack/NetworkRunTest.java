package dev.jmtcp.core.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.driver.sim.Impairments;
import dev.jmtcp.driver.sim.Offloading;
import dev.jmtcp.driver.sim.Simulation;
import dev.jmtcp.driver.sim.VirtualClock;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.driver.sim.WireConfig;
import dev.jmtcp.spi.PacketIoException;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole networks in virtual time, one a seed: two hosts, several connections, streams both ways, over wires that lose, duplicate, reorder and
 * corrupt, with windows, buffers and MTUs of any size, with devices that check, cut and coalesce or not. Every byte arrives, in order; every connection ends; nothing is left behind.
 */
class NetworkRunTest {

    private static final int RUNS = 600;
    private static final long MILLISECOND = 1_000_000;
    private static final long HOUR = 3_600_000 * MILLISECOND;

    static LongStream seeds() {
        return LongStream.range(0, RUNS);
    }

    /** What one seed means. */
    private record Scenario(
            long seed,
            int mtu,
            Impairments impairments,
            TcpSettings settings,
            int connections,
            long maxBytes,
            int maxPiece,
            Offloading offloading) {

        static Scenario of(long seed) {
            var random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L);
            int mtu = pick(random, 576, 1280, 1500, 1500, 4000, 9000);
            double loss = random.nextInt(4) == 0 ? 0 : random.nextDouble() * 0.2;
            double duplicate = random.nextBoolean() ? 0 : random.nextDouble() * 0.1;
            double reorder = random.nextBoolean() ? 0 : random.nextDouble() * 0.2;
            double corrupt = random.nextInt(3) > 0 ? 0 : random.nextDouble() * 0.05;
            long delay = pick(random, 0, 10_000, 1_000_000, 20_000_000, 150_000_000);
            var impairments = Impairments.NONE
                    .withLoss(loss)
                    .withDuplicate(duplicate)
                    .withReorder(reorder, 1 + random.nextLong(1 + 2 * delay))
                    .withCorrupt(corrupt)
                    .withDelay(delay)
                    .withJitter(random.nextLong(1 + delay / 2));
            var settings = TcpSettings.DEFAULTS
                    .with()
                    .receiveBuffer(pick(random, 64, 600, 4096, 8192, 65_536, 1 << 20))
                    .sendBuffer(pick(random, 64, 600, 4096, 8192, 65_536, 1 << 20))
                    .congestionControl(random.nextBoolean() ? "cubic" : "newreno")
                    .timestamps(random.nextInt(3) > 0)
                    .sack(random.nextInt(3) > 0)
                    .windowScaling(random.nextInt(3) > 0)
                    .noDelay(random.nextBoolean())
                    .delayedAck(random.nextBoolean() ? 40 * MILLISECOND : 0)
                    .timeWait(60_000 * MILLISECOND)
                    .retries(40)
                    .synRetries(40)
                    .synAckRetries(40)
                    .build();
            int smallest = Math.min(settings.receiveBuffer(), settings.sendBuffer());
            // Small windows over long ways take long: less to do for them.
            long maxBytes = Math.min(300_000, 60L * smallest);
            return new Scenario(
                    seed,
                    mtu,
                    impairments,
                    settings,
                    1 + random.nextInt(6),
                    maxBytes,
                    pick(random, 1 + 100, 1000, 8192),
                    switch (random.nextInt(3)) {
                        case 0 -> Offloading.CHECKSUM;
                        case 1 -> Offloading.ALL;
                        default -> Offloading.NONE;
                    });
        }

        private static int pick(SplittableRandom random, int... choices) {
            return choices[random.nextInt(choices.length)];
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void network_streamsBothWays_everyByteArrivesAndNothingIsLeft(long seed) throws PacketIoException {
        run(Scenario.of(seed));
    }

    @Test
    void perfectWire_bulk_withoutRetransmissions() throws PacketIoException {
        var scenario = new Scenario(
                -1,
                1500,
                Impairments.NONE,
                TcpSettings.DEFAULTS.with().timeWait(MILLISECOND).build(),
                4,
                2_000_000,
                8192,
                Offloading.NONE);
        assertThat(run(scenario)).isZero();
    }

    /** Returns how many segments were sent again. */
    private static long run(Scenario scenario) throws PacketIoException {
        System.out.println("network run " + scenario);
        var random = new SplittableRandom(scenario.seed());
        var clock = new VirtualClock(random.nextLong(1L << 50));
        var simulation = new Simulation(clock);
        var wireConfig = WireConfig.DEFAULT
                .withMtu(scenario.mtu())
                .withSeed(scenario.seed())
                .withImpairments(scenario.impairments())
                .withOffloading(scenario.offloading());
        try (var wire = Wire.create(wireConfig);
                var server = new SimHost(wire, clock, 1, scenario.settings(), random.nextLong());
                var client = new SimHost(wire, clock, 2, scenario.settings(), random.nextLong())) {
            simulation.add(wire);
            server.join(simulation);
            client.join(simulation);
            var serving = new Exchange(server.stack(), random.nextLong(), scenario.maxPiece());
            var asking = new Exchange(client.stack(), random.nextLong(), scenario.maxPiece());
            serving.listen(80, 128);
            for (int i = 0; i < scenario.connections(); i++) {
                long up = random.nextInt(5) == 0 ? 0 : random.nextLong(scenario.maxBytes());
                long down = random.nextInt(5) == 0 ? 0 : random.nextLong(scenario.maxBytes());
                int who = random.nextInt(3);
                int port = 10_000 + i;
                serving.expect(port, 2 * i, 2 * i + 1, down, up, who != 0);
                asking.connect(server, 80, port, 2 * i + 1, 2 * i, up, down, who != 1);
            }
            boolean done = simulation.runUntil(
                    () -> server.tcp().connections() == 0 && client.tcp().connections() == 0, 24 * HOUR);
            assertThat(done).as("all connections end; seed %d", scenario.seed()).isTrue();
            assertThat(serving.aborted + asking.aborted).as("aborted").isZero();
            assertThat(asking.finished).isEqualTo(scenario.connections());
            assertThat(serving.finished).isEqualTo(scenario.connections());
            simulation.runFor(HOUR); // reassembly, neighbours: all of it comes to rest
            for (var host : new SimHost[] {server, client}) {
                assertThat(host.stack().bufferBytesInUse()).as("buffers").isZero();
            }
            return server.stack().counters().value(Counter.TCP_RETRANSMITS)
                    + client.stack().counters().value(Counter.TCP_RETRANSMITS);
        }
    }
}
