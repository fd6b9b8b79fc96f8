package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpRobustnessTest {

    private static final int STEPS = 30_000;

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
        assertThat(chaos.states()).as("states seen with seed " + seed).hasSizeGreaterThanOrEqualTo(9);
    }
}
