package dev.jmtcp.bench.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineLoopTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1000})
    void requests_thatAreDue_areAnsweredOnce(long cost) throws IOException {
        try (var machine = new MachineLoop(cost)) {
            Schedule schedule = machine.client().schedule();
            schedule.rate(1e5);

            machine.work(2_000_000);

            Histogram times = schedule.takeTimes();
            assertThat(times.getTotalCount())
                    .isPositive()
                    .isEqualTo(machine.finish().counts().get("answers"));
            assertThat(times.getMinValue()).isGreaterThanOrEqualTo(cost);
        }
    }

    @Test
    void requests_afterPause_areNotAnswered() throws IOException {
        try (var machine = new MachineLoop(0)) {
            machine.client().schedule().rate(1e9);
            machine.client().go();
            machine.client().pause();

            machine.turn();

            assertThat(machine.client().units()).isZero();
        }
    }
}
