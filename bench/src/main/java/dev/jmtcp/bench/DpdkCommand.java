package dev.jmtcp.bench;

import dev.jmtcp.bench.dpdk.DpdkRace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dpdk}: DPDK's functions from Java against the same in C. */
@Command(
        name = "dpdk",
        mixinStandardHelpOptions = true,
        description = {
            "DPDK from Java against the same loops in C, which are compiled for it: needs gcc, dpdk and libdpdk-dev.",
            "In turn, in one thread, by processor time."
        })
final class DpdkCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "21", description = "How often each loop is measured.")
    private int runs;

    @Option(
            names = "--milliseconds",
            paramLabel = "N",
            defaultValue = "50",
            description = "The processor time of each measurement.")
    private int milliseconds;

    @Option(names = "--hugepages", description = "Have packets in hugepages; 64 MB have to be free.")
    private boolean hugepages;

    @Override
    public Integer call() throws IOException {
        if (runs < 1 || milliseconds < 1) {
            throw new ParameterException(spec.commandLine(), "--runs and --milliseconds are at least 1");
        }
        Path folder = Files.createTempDirectory("jmtcp-bench");
        try {
            new DpdkRace(runs, milliseconds * 1_000_000L, spec.commandLine().getOut()).run(folder, hugepages);
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
        return ExitCode.OK;
    }
}
