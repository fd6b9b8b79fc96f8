package dev.jmtcp.bench;

import dev.jmtcp.bench.load.Load;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code w3}: streams. */
@Command(
        name = "w3",
        description =
                "Streams one way. The kernel's MTU is that of its loopback interface, and it computes no checksums.")
final class W3Command extends RaceCommand {

    @Option(
            names = "--connections",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,8",
            description = "How many connections; several by commas.")
    private List<Integer> connections = new ArrayList<>();

    @Option(
            names = "--mtu",
            paramLabel = "N",
            split = ",",
            defaultValue = "1500,65535",
            description = "The MTU of the simulated wire; several by commas.")
    private List<Integer> mtus = new ArrayList<>();

    W3Command() {
        super("bulk, one way", "MB a CPU-second of both ends");
    }

    @Override
    List<Load> loads() {
        check(connections, "--connections");
        List<Load> loads = new ArrayList<>();
        for (int mtu : mtus) {
            connections.forEach(count -> loads.add(new Load.Bulk(count, mtu)));
        }
        return loads;
    }
}
