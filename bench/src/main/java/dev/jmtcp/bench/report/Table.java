package dev.jmtcp.bench.report;

import dev.jmtcp.bench.race.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A report for people. */
public final class Table {

    private static final int NAME = 58;

    private Table() {}

    /** Its lines. */
    public static List<String> lines(Report report) {
        List<String> lines = new ArrayList<>();
        lines.add(report.workload() + ": " + report.title());
        report.settings().forEach((name, value) -> lines.add("  " + name + ": " + value));
        for (Report.Group group : report.groups()) {
            lines.add("");
            lines.add(("%-" + NAME + "s %14s   %-27s %s").formatted(group.name(), "median", "range", "ratio"));
            for (int i = 0; i < group.rows().size(); i++) {
                Report.Row row = group.rows().get(i);
                lines.add(line(row, i == 0 ? "" : ratio(group, row)));
                row.details().forEach((name, value) -> lines.add("    " + name + ": " + value));
                if (!row.counts().isEmpty()) {
                    lines.add("    counted, warm-up included: " + counts(row));
                }
                row.problems().forEach(problem -> lines.add("    WRONG: " + problem));
            }
        }
        lines.add("");
        lines.add("values are " + report.unit());
        return lines;
    }

    private static String ratio(Report.Group group, Report.Row row) {
        Statistics times = group.ratio(row);
        return "%.1f (%.1f to %.1f) times this".formatted(times.median(), times.least(), times.most());
    }

    private static String line(Report.Row row, String ratio) {
        Statistics values = row.statistics();
        String range = "%s to %s".formatted(number(values.least()), number(values.most()));
        return ("  %-" + (NAME - 2) + "s %14s   %-27s %s")
                .formatted(row.contestant(), number(values.median()), range, ratio)
                .stripTrailing();
    }

    private static String counts(Report.Row row) {
        return row.counts().entrySet().stream()
                .map(count -> "%s %,d".formatted(count.getKey(), count.getValue()))
                .collect(Collectors.joining("; "));
    }

    private static String number(double value) {
        return value >= 100 ? "%,.0f".formatted(value) : "%.2f".formatted(value);
    }
}
