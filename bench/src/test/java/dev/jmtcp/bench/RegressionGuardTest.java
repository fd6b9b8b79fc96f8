package dev.jmtcp.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.bench.jmtcp.JmtcpLoop;
import dev.jmtcp.bench.kernel.NioLoop;
import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.race.Race;
import dev.jmtcp.bench.race.Sample;
import dev.jmtcp.bench.race.Series;
import dev.jmtcp.bench.race.Statistics;
import dev.jmtcp.bench.race.Work;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Says how fast it is beside the kernel, for people to see; asserts what does not depend on how busy the machine is. */
class RegressionGuardTest {

    private static final int RUNS = 3;
    private static final long RUN = 200_000_000;
    private static final long WARM_UP = 1_500_000_000;

    /** Bytes a frame: not even one small object in a hundred frames. */
    private static final double NOTHING = 0.16;

    static List<Load> loads() {
        return List.of(new Load.Transactions(64), new Load.PingPong(64, 0), new Load.Bulk(1, 1500));
    }

    @ParameterizedTest
    @MethodSource("loads")
    void contestants_onceWarm_verifyAllAndAllocateNothing(Load load) throws IOException {
        var race = new Race(RUNS, RUN, WARM_UP, _ -> {});

        List<Series> series = race.run(List.of(() -> JmtcpLoop.of(load), () -> NioLoop.of(load)));

        Series jmtcp = series.getFirst();
        Series kernel = series.getLast();
        double speed = speed(jmtcp);
        System.out.printf(
                Locale.ROOT,
                "GUARD %s: jmtcp %,.0f %s a CPU-second, %.1f times kernel-nio; %.3f bytes allocated a frame%n",
                load.description(),
                speed / load.unitSize(),
                load.unit(),
                speed / speed(kernel),
                allocated(jmtcp));
        assertThat(jmtcp.outcome().problems()).isEmpty();
        assertThat(kernel.outcome().problems()).isEmpty();
        assertThat(jmtcp.outcome().counts().get("bytes verified")).isPositive();
        assertThat(allocated(jmtcp)).as("bytes allocated a frame").isLessThan(NOTHING);
    }

    private static double speed(Series series) {
        return Statistics.of(series.samples().stream()
                        .map(Sample::work)
                        .mapToDouble(Work::perCpuSecond)
                        .toArray())
                .median();
    }

    /** The least of the runs, since a compiler may still be at work in one or another. */
    private static double allocated(Series series) {
        return series.samples().stream()
                .map(Sample::work)
                .mapToDouble(work -> work.allocatedBytes() / (double) work.frames())
                .min()
                .orElseThrow();
    }
}
