package dev.jmtcp.bench;

import dev.jmtcp.bench.jmtcp.JmtcpLoop;
import dev.jmtcp.bench.kernel.NioLoop;
import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.race.Loop;
import dev.jmtcp.bench.race.MachineLoop;
import dev.jmtcp.bench.race.Outcome;
import dev.jmtcp.bench.race.PacedClient;
import dev.jmtcp.bench.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code w5}: how long answers take. */
@Command(
        name = "w5",
        description = {
            "How long answers of 64 bytes take at fixed rates of requests, from the time that a request was to be sent.",
            "Both ends on one thread, which looks for work all the time."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class W5Command implements Callable<Integer> {

    private static final double SECOND = 1e9;
    private static final double MICROSECOND = 1e3;
    private static final long CALIBRATION = 500_000_000;

    @Mixin
    private FileOptions files;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rate",
            paramLabel = "N",
            split = ",",
            defaultValue = "10000,50000,100000",
            description = "Requests a second; several by commas. Half of what jmtcp can do at most is added.")
    private List<Integer> rates = new ArrayList<>();

    @Option(names = "--connections", paramLabel = "N", defaultValue = "64", description = "How many connections.")
    private int connections;

    @Option(names = "--peer", paramLabel = "PEER", defaultValue = "kernel-nio", description = "kernel-nio or none.")
    private Peer peer = Peer.KERNEL_NIO;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "5", description = "How often at each rate.")
    private int runs;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "2", description = "How long a run takes.")
    private double seconds;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "2", description = "The same before, at each rate.")
    private double warmUp;

    W5Command() {}

    @Override
    public Integer call() throws IOException {
        PrintWriter progress = spec.commandLine().getErr();
        Map<String, String> settings = Machine.description();
        settings.put(
                "runs",
                "%d of %s s at each rate, after %s s of warm-up at it, alternating".formatted(runs, seconds, warmUp));
        var all = new ArrayList<>(rates);
        int half = half(settings);
        all.add(half);
        var kind = new Load.Paced(connections);
        List<Loop> loops = new ArrayList<>();
        try {
            loops.add(JmtcpLoop.of(kind));
            String obstacle = peer.obstacle(kind);
            if (!obstacle.isEmpty()) {
                settings.put(peer + " not run", obstacle);
            } else if (peer != Peer.NONE) {
                loops.add(NioLoop.of(kind));
            }
            loops.add(new MachineLoop(0));
            loops.add(new MachineLoop((long) (SECOND / 2 / half)));
            List<Map<Loop, Times>> results = new ArrayList<>();
            for (int rate : all) {
                progress.println("-- %,d a second".formatted(rate));
                progress.flush();
                results.add(measure(loops, rate));
            }
            return files.publish(
                    report(all, results, settings), spec.commandLine().getOut());
        } finally {
            loops.forEach(Loop::close);
        }
    }

    /** Half of the requests a second that jmtcp can answer at most; this warms it up, too. */
    private int half(Map<String, String> settings) throws IOException {
        try (JmtcpLoop loop = JmtcpLoop.of(new Load.PingPong(connections, 0))) {
            for (int i = 0; i < 4; i++) {
                loop.work(CALIBRATION);
            }
            int half = (int) (loop.work(CALIBRATION).perCpuSecond() / 2);
            loop.finish();
            settings.put("half load", "%,d requests a second".formatted(half));
            return half;
        }
    }

    /** What one contestant has measured at one rate. */
    private record Times(List<Double> highs, Histogram all, long[] behind) {
        Times() {
            this(new ArrayList<>(), new Histogram(3), new long[1]);
        }
    }

    private Map<Loop, Times> measure(List<Loop> loops, int rate) throws IOException {
        Map<Loop, Times> times = new LinkedHashMap<>();
        for (Loop loop : loops) {
            run(loop, rate, warmUp);
            times.put(loop, new Times());
        }
        for (int run = 0; run < runs; run++) {
            for (Map.Entry<Loop, Times> entry : times.entrySet()) {
                PacedClient client = run(entry.getKey(), rate, seconds);
                entry.getValue().behind()[0] += client.schedule().behind();
                Histogram histogram = client.schedule().takeTimes();
                entry.getValue().all().add(histogram);
                entry.getValue().highs().add(histogram.getValueAtPercentile(99.9) / MICROSECOND);
            }
        }
        return times;
    }

    private static PacedClient run(Loop loop, int rate, double seconds) throws IOException {
        var client = (PacedClient) loop.client();
        client.schedule().takeTimes();
        client.schedule().rate(rate);
        loop.workFor((long) (seconds * SECOND));
        return client;
    }

    private Report report(List<Integer> all, List<Map<Loop, Times>> results, Map<String, String> settings)
            throws IOException {
        List<Report.Group> groups = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            List<Report.Row> rows = new ArrayList<>();
            for (Map.Entry<Loop, Times> entry : results.get(i).entrySet()) {
                Loop loop = entry.getKey();
                Outcome outcome = i == all.size() - 1 ? loop.finish() : new Outcome(Map.of(), List.of());
                rows.add(row(loop, entry.getValue(), outcome));
            }
            groups.add(new Report.Group("%,d a second".formatted(all.get(i)), rows));
        }
        return new Report(spec.name(), "time to answer at fixed rates", "microseconds, p99.9", settings, groups);
    }

    private static Report.Row row(Loop loop, Times times, Outcome outcome) {
        Histogram all = times.all();
        Map<String, String> details = new LinkedHashMap<>();
        details.put("on", loop.description());
        details.put(
                "microseconds",
                "p50 %.1f, p90 %.1f, p99 %.1f, p99.9 %.1f, p99.99 %.1f, most %.1f"
                        .formatted(
                                all.getValueAtPercentile(50) / MICROSECOND,
                                all.getValueAtPercentile(90) / MICROSECOND,
                                all.getValueAtPercentile(99) / MICROSECOND,
                                all.getValueAtPercentile(99.9) / MICROSECOND,
                                all.getValueAtPercentile(99.99) / MICROSECOND,
                                all.getMaxValue() / MICROSECOND));
        details.put(
                "answers",
                "%,d; %,d requests never sent, since no connection was free"
                        .formatted(all.getTotalCount(), times.behind()[0]));
        return new Report.Row(
                loop.name(),
                times.highs().stream().mapToDouble(Double::doubleValue).toArray(),
                details,
                outcome.counts(),
                outcome.problems());
    }
}
