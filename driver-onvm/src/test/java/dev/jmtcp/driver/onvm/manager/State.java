package dev.jmtcp.driver.onvm.manager;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the manager says of itself.
 *
 * @param buffers packet buffers that are in use
 * @param messages messages that are in use
 * @param lost packets that were sent where there is nothing, whose buffers stay in use for ever
 * @param sent packets that ports have sent
 * @param functions the functions that start or run, by instance id
 */
public record State(int buffers, int messages, long lost, long sent, Map<Integer, Function> functions) {

    /** The states of functions. */
    public static final int STARTING = 1;

    public static final int RUNNING = 2;

    /** A function and its counters. */
    public record Function(
            int service, int state, int core, long rx, long rxDrop, long tx, long txDrop, long toFunction, long out) {

        private static Function of(String text) {
            List<Long> numbers =
                    List.of(text.split("/", -1)).stream().map(Long::valueOf).toList();
            return new Function(
                    Math.toIntExact(numbers.get(0)),
                    Math.toIntExact(numbers.get(1)),
                    Math.toIntExact(numbers.get(2)),
                    numbers.get(3),
                    numbers.get(4),
                    numbers.get(5),
                    numbers.get(6),
                    numbers.get(7),
                    numbers.get(8));
        }
    }

    /** Whether so many functions run. */
    public boolean runs(int count) {
        return functions.values().stream()
                        .filter(function -> function.state() == RUNNING)
                        .count()
                == count;
    }

    static State of(String line) {
        Map<String, Long> numbers = new HashMap<>();
        Map<Integer, Function> functions = new TreeMap<>();
        for (String word : line.split(" ", -1)) {
            int equals = word.indexOf('=');
            int colon = word.indexOf(':');
            if (equals > 0) {
                numbers.put(word.substring(0, equals), Long.valueOf(word.substring(equals + 1)));
            } else {
                functions.put(Integer.valueOf(word.substring(0, colon)), Function.of(word.substring(colon + 1)));
            }
        }
        return new State(
                Math.toIntExact(numbers.get("buffers")),
                Math.toIntExact(numbers.get("messages")),
                numbers.get("lost"),
                numbers.get("sent"),
                Map.copyOf(functions));
    }
}
