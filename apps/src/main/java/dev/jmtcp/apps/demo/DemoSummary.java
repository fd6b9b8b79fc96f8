package dev.jmtcp.apps.demo;

import dev.jmtcp.core.metrics.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.HdrHistogram.Histogram;

/** A {@link DemoResult} for people. */
public final class DemoSummary {

    private static final double SECOND = 1e9;
    private static final double MICROSECOND = 1e3;

    private final DemoResult result;

    public DemoSummary(DemoResult result) {
        this.result = result;
    }

    /** All lines; the last says whether everything was as it should be. */
    public List<String> lines() {
        DemoPlan plan = result.plan();
        long completes = result.fetched().completes();
        double seconds = result.realNanos() / SECOND;
        List<String> lines = new ArrayList<>();
        add(
                lines,
                "transfers",
                "%d of %d complete, %d with a wrong byte, of %d bytes each",
                completes,
                plan.connections(),
                result.fetched().wrong(),
                plan.fileSize());
        add(
                lines,
                "speed",
                "%.0f transactions/s, %.1f Mbit/s of content, in %.2f s",
                completes / seconds,
                completes * plan.fileSize() * 8 / 1e6 / seconds,
                seconds);
        add(
                lines,
                "response",
                "%s, in the network's time, of which %.3f s passed",
                percentiles(),
                result.networkNanos() / SECOND);
        for (DemoResult.Side side : List.of(result.client(), result.server())) {
            add(
                    lines,
                    side.name(),
                    "%d established, %d closed in order, %d resets, %d timed out, %d left",
                    side.value(Counter.TCP_ESTABLISHED),
                    side.value(Counter.TCP_CLOSED),
                    side.value(Counter.TCP_RESET_IN) + side.value(Counter.TCP_RESET_OUT),
                    side.value(Counter.TCP_TIMED_OUT),
                    side.left());
            add(
                    lines,
                    "",
                    "%d segments sent, %d retransmitted (%d losses found by ACKs, %d timeouts, %d spurious)",
                    side.value(Counter.TCP_SEGMENTS_OUT),
                    side.value(Counter.TCP_RETRANSMITS),
                    side.value(Counter.TCP_FAST_RETRANSMITS),
                    side.value(Counter.TCP_TIMEOUTS),
                    side.value(Counter.TCP_SPURIOUS));
            add(lines, "", "%s", drops(side));
        }
        if (!result.capture().isEmpty()) {
            add(lines, "capture", "%s", result.capture());
        }
        List<String> failures = result.failures();
        if (failures.isEmpty()) {
            lines.add("OK: every byte was right, every connection closed in order on both sides");
        } else {
            failures.forEach(failure -> lines.add("FAILED: " + failure));
        }
        return lines;
    }

    private static void add(List<String> lines, String what, String format, Object... arguments) {
        lines.add(String.format(Locale.ROOT, "%-9s  " + format, insert(what, arguments)));
    }

    private static Object[] insert(String first, Object[] rest) {
        var all = new Object[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    private String percentiles() {
        Histogram times = result.times();
        return String.format(
                Locale.ROOT,
                "p50 %.0f us, p90 %.0f us, p99 %.0f us, p99.9 %.0f us, max %.0f us",
                times.getValueAtPercentile(50) / MICROSECOND,
                times.getValueAtPercentile(90) / MICROSECOND,
                times.getValueAtPercentile(99) / MICROSECOND,
                times.getValueAtPercentile(99.9) / MICROSECOND,
                times.getMaxValue() / MICROSECOND);
    }

    /** What the stack threw away, and the wire of what was sent. */
    private static String drops(DemoResult.Side side) {
        var drops = new StringJoiner(", ", "drops: ", "").setEmptyValue("no drops");
        for (Counter counter : Counter.values()) {
            if (counter.isDrop() && side.value(counter) > 0) {
                drops.add(counter.description() + " " + side.value(counter));
            }
        }
        side.port().drops().forEach((reason, count) -> drops.add(reason + " " + count));
        return drops.toString();
    }
}
