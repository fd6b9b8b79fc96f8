package dev.jmtcp.bench.jmtcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.race.Work;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JmtcpLoopTest {

    private static final long SHORT = 2_000_000;

    static List<Load> loads() {
        return List.of(new Load.PingPong(16, 0), new Load.Transactions(16), new Load.Bulk(2, 1500));
    }

    @ParameterizedTest
    @MethodSource("loads")
    void work_whenItIsOver_leavesNothingUnacknowledged(Load load) throws IOException {
        try (JmtcpLoop loop = JmtcpLoop.of(load)) {
            Work work = loop.work(SHORT);

            assertThat(work.units()).isPositive();
            assertThat(loop.unacknowledged()).isZero();
            assertThat(loop.finish().problems()).isEmpty();
        }
    }
}
