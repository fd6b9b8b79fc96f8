package dev.jmtcp.bench.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class MachineLoopTest {

    @Test
    void requests_thatAreDue_areAnsweredOnce() throws IOException {
        try (var machine = new MachineLoop()) {
            Schedule schedule = machine.client().schedule();
            schedule.rate(1e6);

            Work work = machine.work(2_000_000);

            long answers = machine.finish().counts().get("answers");
            assertThat(answers).isPositive().isEqualTo(work.units());
            assertThat(schedule.takeTimes().getTotalCount()).isEqualTo(answers);
        }
    }

    @Test
    void requests_afterPause_areNotAnswered() throws IOException {
        try (var machine = new MachineLoop()) {
            machine.client().schedule().rate(1e9);
            machine.client().go();
            machine.client().pause();

            machine.turn();

            assertThat(machine.client().units()).isZero();
        }
    }
}
