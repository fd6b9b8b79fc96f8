package dev.jmtcp.bench;

import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.race.Race;
import dev.jmtcp.bench.race.Sample;
import dev.jmtcp.bench.race.Series;
import dev.jmtcp.bench.race.Work;
import dev.jmtcp.bench.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Option;

/** How the workloads are run that contestants compete in. */
final class RaceOptions {

    private static final long SECOND = 1_000_000_000;

    @Option(
            names = "--peer",
            paramLabel = "PEER",
            split = ",",
            defaultValue = "kernel-nio",
            description = "Whom to compare with: ${COMPLETION-CANDIDATES}; several by commas.")
    private List<Peer> peers = new ArrayList<>();

    @Option(names = "--runs", paramLabel = "N", defaultValue = "5", description = "How often each works.")
    private int runs;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seconds of processor time for each in a run.")
    private double seconds;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "4", description = "The same before the runs.")
    private double warmUp;

    /** Has the contestants do some kinds of work, one kind after the other. */
    List<Report.Group> race(
            List<? extends Load> loads,
            Function<Load, List<Race.Entry>> own,
            Map<String, String> settings,
            PrintWriter progress)
            throws IOException {
        settings.put(
                "runs",
                "%d of %s s of processor time each, after %s s of warm-up, alternating"
                        .formatted(runs, seconds, warmUp));
        var race = new Race(Math.max(1, runs), (long) (seconds * SECOND), (long) (warmUp * SECOND), line -> {
            progress.println(line);
            progress.flush();
        });
        List<Report.Group> groups = new ArrayList<>();
        for (Load load : loads) {
            progress.println("-- " + load.description());
            List<Race.Entry> entries = new ArrayList<>(own.apply(load));
            for (Peer peer : peers) {
                String obstacle = peer.obstacle(load);
                if (obstacle.isEmpty()) {
                    entries.addAll(peer.entries(load));
                } else {
                    settings.put(peer + " not run at " + load.description(), obstacle);
                }
            }
            List<Report.Row> rows =
                    race.run(entries).stream().map(series -> row(load, series)).toList();
            groups.add(new Report.Group(load.description(), better(rows)));
        }
        return groups;
    }

    /** Of Netty's transports the better one. */
    private static List<Report.Row> better(List<Report.Row> rows) {
        List<Report.Row> kept = new ArrayList<>();
        Report.Row best = null;
        for (Report.Row row : rows) {
            if (!row.contestant().startsWith(Peer.KERNEL_NETTY.toString())) {
                kept.add(row);
            } else if (best == null
                    || row.statistics().median() > best.statistics().median()) {
                best = row;
            }
        }
        if (best != null) {
            kept.add(best);
        }
        return kept;
    }

    private static Report.Row row(Load load, Series series) {
        double[] values = series.samples().stream()
                .mapToDouble(sample -> sample.work().perCpuSecond() / load.unitSize())
                .toArray();
        Map<String, String> details = new LinkedHashMap<>();
        details.put("on", series.description());
        details.put(
                "a run",
                "%,.0f %s; %.2f s on a processor, %.2f s in all"
                        .formatted(
                                mean(series, work -> work.units() / load.unitSize()),
                                load.unit(),
                                mean(series, work -> work.cpuNanos() / 1e9),
                                mean(series, work -> work.wallNanos() / 1e9)));
        details.put(
                "the JVM besides",
                "GC %.3f s, JIT %.3f s"
                        .formatted(
                                jvm(series, sample -> sample.jvm().gc()),
                                jvm(series, sample -> sample.jvm().jit())));
        details.put("allocated", allocated(load, series));
        return new Report.Row(
                series.contestant(),
                values,
                details,
                series.outcome().counts(),
                series.outcome().problems());
    }

    private static String allocated(Load load, Series series) {
        double bytes = mean(series, Work::allocatedBytes);
        double frames = mean(series, Work::frames);
        double units = mean(series, Work::units) / load.unitSize();
        return frames > 0
                ? "%.2f bytes a frame; %.2f frames a unit".formatted(bytes / frames, frames / units)
                : "%.2f bytes a unit".formatted(bytes / units);
    }

    private static double mean(Series series, ToDoubleFunction<Work> value) {
        return series.samples().stream()
                .map(Sample::work)
                .mapToDouble(value)
                .average()
                .orElse(0);
    }

    private static double jvm(Series series, ToDoubleFunction<Sample> nanos) {
        return series.samples().stream().mapToDouble(nanos).average().orElse(0) / 1e9;
    }
}
