package dev.jmtcp.bench;

import dev.jmtcp.bench.load.Load;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code w2}: requests on connections that last. */
@Command(name = "w2", description = "Requests and answers of 64 bytes on connections that last.")
final class W2Command extends RaceCommand {

    @Option(
            names = "--connections",
            paramLabel = "N",
            split = ",",
            defaultValue = "64",
            description = "How many connections; several by commas.")
    private List<Integer> connections = new ArrayList<>();

    W2Command() {
        super("request and answer, again and again", "transactions a CPU-second of both ends");
    }

    @Override
    List<Load> loads() {
        check(connections, "--connections");
        return connections.stream()
                .<Load>map(count -> new Load.PingPong(count, 0))
                .toList();
    }
}
