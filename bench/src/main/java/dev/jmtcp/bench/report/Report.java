package dev.jmtcp.bench.report;

import dev.jmtcp.bench.race.Statistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The results of a workload.
 *
 * @param workload its name: {@code w1}
 * @param title what it is
 * @param unit what values are
 * @param settings how it was run and on what, by name
 */
public record Report(String workload, String title, String unit, Map<String, String> settings, List<Group> groups) {

    public Report {
        settings = new LinkedHashMap<>(settings);
        groups = List.copyOf(groups);
    }

    /**
     * Contestants that did the same.
     *
     * @param name what they did
     * @param rows the first is the one that others are compared with
     */
    public record Group(String name, List<Row> rows) {

        public Group {
            rows = List.copyOf(rows);
        }

        /** How many times as much as another contestant the first has done, run by run. */
        public Statistics ratio(Row other) {
            double[] first = rows.getFirst().values();
            double[] second = other.values();
            double[] ratios = new double[Math.min(first.length, second.length)];
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] = first[i] / second[i];
            }
            return Statistics.of(ratios);
        }
    }

    /**
     * What one contestant has done.
     *
     * @param values one a run
     * @param details more about it, for people
     * @param counts what was counted and verified
     * @param problems what is not as it should be
     */
    public record Row(
            String contestant,
            double[] values,
            Map<String, String> details,
            Map<String, Long> counts,
            List<String> problems) {

        public Row {
            details = new LinkedHashMap<>(details);
            counts = new LinkedHashMap<>(counts);
            problems = List.copyOf(problems);
        }

        public Statistics statistics() {
            return Statistics.of(values);
        }
    }

    /** All that is not as it should be. */
    public List<String> problems() {
        List<String> all = new ArrayList<>();
        for (Group group : groups) {
            for (Row row : group.rows()) {
                row.problems().forEach(problem -> all.add(group.name() + ", " + row.contestant() + ": " + problem));
            }
        }
        return all;
    }
}
