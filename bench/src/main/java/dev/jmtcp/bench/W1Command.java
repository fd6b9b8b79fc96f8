package dev.jmtcp.bench;

import dev.jmtcp.bench.load.Load;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code w1}: many short connections. */
@Command(name = "w1", description = "Connections with a request and an answer of 64 bytes each; the server closes.")
final class W1Command extends RaceCommand {

    @Option(
            names = "--at-once",
            paramLabel = "N",
            split = ",",
            defaultValue = "64,1000,10000",
            description = "How many connections at a time; several by commas.")
    private List<Integer> atOnce = new ArrayList<>();

    W1Command() {
        super("connect, request, answer, close", "transactions a CPU-second of both ends");
    }

    @Override
    List<Load> loads() {
        check(atOnce, "--at-once");
        return atOnce.stream().<Load>map(Load.Transactions::new).toList();
    }
}
