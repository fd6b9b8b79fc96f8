package dev.jmtcp.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StagingTest {

    private record Frame(long offset, int length, byte mark) {}

    @Test
    void frames_atRandom_keepTheirContentUntilRemoved() {
        long seed = 12;
        var random = new SplittableRandom(seed);
        try (var arena = Arena.ofConfined()) {
            var staging = new Staging(arena);
            var model = new ArrayDeque<Frame>();
            int refused = 0;
            for (int step = 0; step < 100_000; step++) {
                boolean filling = step / 500 % 2 == 0;
                if (random.nextInt(100) < (filling ? 80 : 20)) {
                    int capacity = random.nextInt(4) == 0 ? 65_549 : 1 + random.nextInt(1514);
                    long at = staging.room(capacity);
                    if (at < 0) {
                        refused++;
                        assertThat(model).isNotEmpty();
                        continue;
                    }
                    int length = 1 + random.nextInt(capacity);
                    byte mark = (byte) random.nextInt(256);
                    staging.memory().set(ValueLayout.JAVA_BYTE, at, mark);
                    staging.memory().set(ValueLayout.JAVA_BYTE, at + length - 1, mark);
                    staging.add(at, length, step);
                    model.add(new Frame(at, length, mark));
                } else if (!model.isEmpty()) {
                    Frame frame = model.remove();
                    assertThat(staging.offset())
                            .as("seed %d step %d", seed, step)
                            .isEqualTo(frame.offset);
                    assertThat(staging.length()).isEqualTo(frame.length);
                    assertThat(staging.memory().get(ValueLayout.JAVA_BYTE, frame.offset))
                            .isEqualTo(frame.mark);
                    assertThat(staging.memory().get(ValueLayout.JAVA_BYTE, frame.offset + frame.length - 1))
                            .isEqualTo(frame.mark);
                    staging.remove();
                }
                assertThat(staging.count()).isEqualTo(model.size());
            }
            assertThat(refused).isPositive();
        }
    }
}
