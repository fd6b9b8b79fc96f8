package dev.jmtcp.bench;

import dev.jmtcp.bench.jmtcp.JmtcpLoop;
import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.race.Memory;
import dev.jmtcp.bench.race.Outcome;
import dev.jmtcp.bench.report.Report;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code w4}: the memory of connections. */
@Command(
        name = "w4",
        description = {
            "The memory of established connections on which a request was answered and nothing happens any more, both ends,"
                    + " heap and native, sockets and their places in an epoll included.",
            "Connections are counted at one end: each value is for one connection and one of its ends."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class W4Command implements Callable<Integer> {

    private static final int ENDS = 2;

    /** The buffers that are spare are given back within that time, in nanoseconds. */
    private static final long REST = 2_500_000_000L;

    private static final int CLASSES_SHOWN = 12;

    @Mixin
    private FileOptions files;

    @Spec
    private CommandSpec spec;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "100000", description = "How many connections.")
    private int connections;

    W4Command() {}

    @Override
    public Integer call() throws IOException {
        // What is there for one connection, hosts and wire included, does not count.
        Memory one;
        try (JmtcpLoop loop = JmtcpLoop.of(new Load.Idle(1))) {
            one = memory(loop);
            loop.finish();
        }
        try (JmtcpLoop loop = JmtcpLoop.of(new Load.Idle(connections))) {
            Memory added = memory(loop).minus(one);
            Outcome outcome = loop.finish();
            return files.publish(
                    report(loop, added, outcome), spec.commandLine().getOut());
        }
    }

    private static Memory memory(JmtcpLoop loop) throws IOException {
        loop.workFor(0); // until all are answered
        loop.workFor(REST);
        return Memory.now();
    }

    private Report report(JmtcpLoop loop, Memory added, Outcome outcome) {
        double all = (double) connections * ENDS;
        Map<String, String> details = new LinkedHashMap<>();
        details.put("on", loop.description());
        details.put(
                "heap and native",
                "%.1f and %.1f bytes; %.0f MB in all"
                        .formatted(
                                added.heapBytes() / all,
                                added.nativeBytes() / all,
                                (added.heapBytes() + added.nativeBytes()) / 1e6));
        added.byClass().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(CLASSES_SHOWN)
                .forEach(entry -> details.put(entry.getKey(), "%.1f bytes".formatted(entry.getValue() / all)));
        var row = new Report.Row(
                loop.name(),
                new double[] {(added.heapBytes() + added.nativeBytes()) / all},
                details,
                outcome.counts(),
                outcome.problems());
        return new Report(
                spec.name(),
                "memory of an idle established connection",
                "bytes a connection and end",
                Machine.description(),
                List.of(new Report.Group("%,d connections".formatted(connections), List.of(row))));
    }
}
