package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpRobustnessTest {

    private static final int STEPS = 30_000;
    private static final Set<State> STATES = EnumSet.noneOf(State.class);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void anythingHappens_invariantsHold(long seed) {
        var chaos = new Chaos(new SplittableRandom(seed));
        int step = 0;
        try {
            for (; step < STEPS; step++) {
                chaos.step();
            }
            chaos.tearDown();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", step " + step + ": " + e.getMessage(), e);
        }
        STATES.addAll(chaos.states());
    }

    @AfterAll
    static void connectionsWereInAllStates() {
        assertThat(STATES).containsAll(EnumSet.complementOf(EnumSet.of(State.CLOSED)));
    }
}
