package dev.jmtcp.core.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.driver.sim.Impairments;
import dev.jmtcp.driver.sim.Simulation;
import dev.jmtcp.driver.sim.VirtualClock;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.driver.sim.WireConfig;
import dev.jmtcp.spi.PacketIoException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One stack a core on one port, joined by what the device spreads and what the cores pass on to each other. */
class SeveralCoresTest {

    private static final long SECOND = 1_000_000_000;
    private static final int CORES = 3;
    private static final int EACH = 20;

    @Test
    void threeCoresEachSide_connectionsFromEach_allExchangeAndEndWhereTheyBegan() throws PacketIoException {
        var clock = new VirtualClock();
        var simulation = new Simulation(clock);
        var settings = TcpSettings.DEFAULTS.with().timeWait(SECOND).build();
        var wireConfig = WireConfig.DEFAULT
                .withPlaces(2 * CORES)
                .withImpairments(Impairments.NONE.withLoss(0.02).withDelay(50_000));
        try (var wire = Wire.create(wireConfig);
                var server = new SimHost(wire, clock, 1, CORES, settings, 1);
                var client = new SimHost(wire, clock, 2, CORES, settings, 2)) {
            simulation.add(wire);
            server.join(simulation);
            client.join(simulation);
            List<Exchange> serving = new ArrayList<>();
            for (Stack stack : server.stacks) {
                var exchange = new Exchange(stack, 3, 4000);
                exchange.listen(80, 128);
                serving.add(exchange);
            }
            List<Exchange> asking = new ArrayList<>();
            for (int core = 0; core < CORES; core++) {
                var exchange = new Exchange(client.stacks.get(core), 4, 4000);
                for (int i = 0; i < EACH; i++) {
                    int id = core * EACH + i;
                    // Any port that comes back to this core; which server core gets it nobody knows beforehand.
                    var c = exchange.connect(server, 80, 0, 2 * id + 1, 2 * id, 20_000, 30_000, true);
                    serving.forEach(each -> each.expect(c.localPort(), 2 * id, 2 * id + 1, 30_000, 20_000, false));
                }
                asking.add(exchange);
            }
            boolean done = simulation.runUntil(
                    () -> clock.now() > 0 && server.connections() == 0 && client.connections() == 0, 3600 * SECOND);
            assertThat(done).isTrue();
            assertThat(asking).allSatisfy(each -> assertThat(each.finished).isEqualTo(EACH));
            assertThat(serving.stream().mapToInt(each -> each.finished).sum()).isEqualTo(CORES * EACH);
            assertThat(serving)
                    .as("work for every core")
                    .allSatisfy(each -> assertThat(each.finished).isPositive());
            // No segment ever came to a core that does not have its connection.
            for (Stack stack : server.stacks) {
                assertThat(stack.counters().value(Counter.TCP_NO_CONNECTION)).isZero();
            }
        }
    }
}
