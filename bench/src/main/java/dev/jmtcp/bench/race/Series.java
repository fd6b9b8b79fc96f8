package dev.jmtcp.bench.race;

import java.util.List;

/** All runs of a contestant, and what it has counted. */
public record Series(String contestant, String description, List<Sample> samples, Outcome outcome) {

    public Series {
        samples = List.copyOf(samples);
    }
}
