package dev.jmtcp.bench.report;

import dev.jmtcp.bench.race.Statistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report for programs (RFC 8259). */
public final class Json {

    private final StringBuilder out = new StringBuilder();

    private Json() {}

    public static String of(Report report) {
        var json = new Json();
        json.write(tree(report), "\n");
        return json.out.append('\n').toString();
    }

    private static Map<String, Object> tree(Report report) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("workload", report.workload());
        tree.put("title", report.title());
        tree.put("unit", report.unit());
        tree.put("settings", report.settings());
        List<Object> groups = new ArrayList<>();
        for (Report.Group group : report.groups()) {
            Map<String, Object> node = new LinkedHashMap<>();
            node.put("name", group.name());
            node.put(
                    "contestants",
                    group.rows().stream().map(row -> tree(group, row)).toList());
            groups.add(node);
        }
        tree.put("groups", groups);
        tree.put("problems", report.problems());
        return tree;
    }

    private static Map<String, Object> tree(Report.Group group, Report.Row row) {
        Map<String, Object> node = new LinkedHashMap<>();
        Statistics values = row.statistics();
        node.put("name", row.contestant());
        node.put("median", values.median());
        node.put("least", values.least());
        node.put("most", values.most());
        List<Object> runs = new ArrayList<>();
        for (double value : row.values()) {
            runs.add(value);
        }
        node.put("runs", runs);
        node.put("first_to_this", group.ratio(row).median());
        node.put("details", row.details());
        node.put("counts", row.counts());
        node.put("problems", row.problems());
        return node;
    }

    private void write(Object value, String newLine) {
        switch (value) {
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator).append(newLine).append("  ");
                    string(String.valueOf(entry.getKey()));
                    out.append(": ");
                    write(entry.getValue(), newLine + "  ");
                    separator = ",";
                }
                out.append(map.isEmpty() ? "{}" : newLine + "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object element : list) {
                    out.append(separator).append(newLine).append("  ");
                    write(element, newLine + "  ");
                    separator = ",";
                }
                out.append(list.isEmpty() ? "[]" : newLine + "]");
            }
            case Double number when number.isNaN() || number.isInfinite() -> out.append("null");
            case Number number -> out.append(number);
            default -> string(value.toString());
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
