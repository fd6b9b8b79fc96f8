package dev.jmtcp.bench.race;

import java.util.Arrays;

/** The middle and the range of some values, at least one. */
public record Statistics(double median, double least, double most) {

    public static Statistics of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
        return new Statistics(median, sorted[0], sorted[n - 1]);
    }
}
