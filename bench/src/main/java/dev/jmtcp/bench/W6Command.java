package dev.jmtcp.bench;

import dev.jmtcp.bench.load.Load;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code w6}: few at work among many. */
@Command(
        name = "w6",
        description = "Requests and answers of 64 bytes on some connections, alone and among very many idle ones.")
final class W6Command extends RaceCommand {

    @Option(names = "--active", paramLabel = "N", defaultValue = "10000", description = "Connections at work.")
    private int active;

    @Option(names = "--idle", paramLabel = "N", defaultValue = "1000000", description = "Idle connections beside them.")
    private int idle;

    W6Command() {
        super("request and answer among idle connections", "transactions a CPU-second of both ends");
    }

    @Override
    List<Load> loads() {
        check(List.of(active), "--active");
        return List.of(new Load.PingPong(active, 0), new Load.PingPong(active, idle));
    }
}
