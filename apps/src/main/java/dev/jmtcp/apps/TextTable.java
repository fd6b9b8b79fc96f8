package dev.jmtcp.apps;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns of text under headings; columns without any text are left out. */
final class TextTable {

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... headings) {
        this.headings = List.of(headings);
    }

    void row(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(cells.length + " cells in a table of " + headings.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void print(PrintWriter out) {
        var widths = new int[headings.size()];
        for (int column = 0; column < widths.length; column++) {
            int i = column;
            int widest = rows.stream().mapToInt(row -> length(row.get(i))).max().orElse(0);
            widths[column] = widest == 0 ? 0 : Math.max(widest, length(headings.get(column)));
        }
        print(headings, widths, out);
        rows.forEach(row -> print(row, widths, out));
    }

    private static void print(List<String> cells, int[] widths, PrintWriter out) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            if (widths[column] > 0) {
                line.append(cells.get(column));
                line.repeat(' ', widths[column] - length(cells.get(column)) + 2);
            }
        }
        out.println(line.toString().stripTrailing());
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
