package dev.jmtcp.bench.race;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a contestant has counted from beginning to end, warm-up included.
 *
 * @param counts in order, by name
 * @param problems what is not as it should be; empty if all was verified
 */
public record Outcome(Map<String, Long> counts, List<String> problems) {

    public Outcome {
        counts = new LinkedHashMap<>(counts);
        problems = List.copyOf(problems);
    }
}
