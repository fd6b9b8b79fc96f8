package dev.jmtcp.bench;

import dev.jmtcp.bench.jmtcp.JmtcpCores;
import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.race.Race;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code w7}: several cores. */
@Command(
        name = "w7",
        description = {
            "Short connections, as in w1, on one core and on several, with simulated RSS.",
            "A ratio of 1 means that a core of several does as much as one alone."
        })
final class W7Command extends RaceCommand {

    @Option(
            names = "--cores",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,2",
            description = "How many cores; several by commas, the first is compared with.")
    private List<Integer> cores = new ArrayList<>();

    @Option(
            names = "--at-once",
            paramLabel = "N",
            defaultValue = "64",
            description = "Connections of a core at a time.")
    private int atOnce;

    W7Command() {
        super("connect, request, answer, close, on several cores", "transactions a CPU-second of both ends");
    }

    @Override
    List<Load> loads() {
        check(List.of(atOnce), "--at-once");
        check(cores, "--cores");
        return List.of(new Load.Transactions(atOnce));
    }

    @Override
    List<Race.Entry> entries(Load load) {
        return cores.stream()
                .<Race.Entry>map(count -> () -> new JmtcpCores(count, load))
                .toList();
    }
}
