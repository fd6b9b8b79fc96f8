package dev.jmtcp.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final long DELAY = 5_000_000;

    private final VirtualClock clock = new VirtualClock(1_000);
    private final Wire wire =
            Wire.create(WireConfig.DEFAULT.withRing(16).withImpairments(Impairments.NONE.withDelay(DELAY)));
    private final Simulation simulation = new Simulation(clock, 1000);
    private final List<String> log = new ArrayList<>();

    SimulationTest() {
        simulation.add(wire);
    }

    @AfterEach
    void close() {
        wire.close();
    }

    /** Sends every frame it receives back to the other, one higher, until 9; and says something at its deadlines. */
    private final class Echo implements Simulation.Node {
        private final String name;
        private final PacketQueue queue;
        private final Port other;
        long deadline = Long.MAX_VALUE;

        Echo(String name, PacketQueue queue, Port other) {
            this.name = name;
            this.queue = queue;
            this.other = other;
        }

        @Override
        public boolean step(long now) {
            boolean busy = false;
            for (long number : Frames.drain(queue)) {
                log.add(name + number + "@" + (now - 1_000));
                if (number < 9) {
                    Frames.send(queue, other.mac(), number + 1);
                }
                busy = true;
            }
            if (now >= deadline) {
                log.add(name + "!@" + (now - 1_000));
                deadline = Long.MAX_VALUE;
                busy = true;
            }
            return busy;
        }

        @Override
        public long nextDeadline() {
            return deadline;
        }
    }

    @Test
    void runUntil_framesAndDeadlinesAndActions_happenInOrderOfTime() throws Exception {
        var a = wire.open("a", clock);
        var b = wire.open("b", clock);
        var left = new Echo("a", a.queue(0), b.port());
        var right = new Echo("b", b.queue(0), a.port());
        simulation.add(left);
        simulation.add(right);
        right.deadline = 1_000 + DELAY + 1;
        simulation.after(10, () -> Frames.send(a.queue(0), b.port().mac(), 7));

        assertThat(simulation.runUntil(() -> log.size() == 4, 1_000_000_000)).isTrue();

        assertThat(log).containsExactly("b!@5000001", "b7@5000010", "a8@10000010", "b9@15000010");
        assertThat(simulation.now()).isEqualTo(1_000 + 10 + 3 * DELAY);
        assertThat(simulation.runUntil(() -> log.size() == 5, 1_000_000_000)).isFalse();
        assertThat(simulation.now()).isEqualTo(1_000 + 10 + 3 * DELAY + 1_000_000_000);
    }

    @Test
    void runFor_nothingToDo_setsTheClock() {
        simulation.runFor(42);
        assertThat(clock.now()).isEqualTo(1_042);
    }

    @Test
    void runFor_frameThatNobodyTakes_doesNotHang() throws Exception {
        var a = wire.open("a", clock);
        var b = wire.open("b", clock);
        Frames.send(a.queue(0), b.port().mac(), 1);
        simulation.runFor(DELAY - 1);
        assertThat(Frames.drain(b.queue(0))).isEmpty();
        simulation.runFor(1_000_000_000);
        assertThat(Frames.drain(b.queue(0))).containsExactly(1L);
    }

    @Test
    void runFor_nodesNeverRest_fails() {
        simulation.add(new Simulation.Node() {
            @Override
            public boolean step(long now) {
                return true;
            }

            @Override
            public long nextDeadline() {
                return Long.MAX_VALUE;
            }
        });
        assertThatThrownBy(() -> simulation.runFor(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("do not come to rest");
    }

    @Test
    void runFor_deadlineStaysInThePast_failsAndNamesTheNode() {
        simulation.add(new Simulation.Node() {
            @Override
            public boolean step(long now) {
                return false;
            }

            @Override
            public long nextDeadline() {
                return 5;
            }

            @Override
            public String toString() {
                return "sleepyhead";
            }
        });
        assertThatThrownBy(() -> simulation.runFor(1_000_000))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sleepyhead");
    }
}
