package dev.jmtcp.core.link;

import java.time.Duration;
import java.util.List;

/**
 * How neighbours are kept.
 *
 * @param fixed the neighbours whose hardware addresses are given
 * @param limit the most neighbours known at a time; one that is not in use makes room for another
 * @param reachable how long an answer holds; a neighbour in use is asked again then
 * @param unused how long a neighbour that is not used is remembered after that
 * @param retry the time between two requests (RFC 1122 section 2.3.2.1: at least 1 s)
 * @param tries how many requests without answer mean failure
 * @param holdDown how long a neighbour that failed is not asked again
 * @param waitingPerNeighbour the most packets that wait for one neighbour (RFC 1122 section 2.3.2.2: at least one, the latest)
 * @param waiting the most packets that wait for all neighbours
 */
public record NeighbourConfig(
        List<StaticNeighbour> fixed,
        int limit,
        Duration reachable,
        Duration unused,
        Duration retry,
        int tries,
        Duration holdDown,
        int waitingPerNeighbour,
        int waiting) {

    public NeighbourConfig {
        fixed = List.copyOf(fixed);
        if (limit < 1 || tries < 1 || waitingPerNeighbour < 1 || waiting < 1) {
            throw new IllegalArgumentException("every limit is at least 1");
        }
        if (!reachable.isPositive() || !unused.isPositive() || !retry.isPositive() || !holdDown.isPositive()) {
            throw new IllegalArgumentException("every time is above 0");
        }
    }

    /** With the usual limits and times. */
    public NeighbourConfig(List<StaticNeighbour> fixed) {
        this(
                fixed,
                1024,
                Duration.ofSeconds(60),
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                3,
                Duration.ofSeconds(5),
                3,
                64);
    }
}
