package dev.jmtcp.apps;

import dev.jmtcp.apps.demo.Demo;
import dev.jmtcp.apps.demo.DemoPlan;
import dev.jmtcp.apps.demo.DemoResult;
import dev.jmtcp.apps.demo.DemoSummary;
import dev.jmtcp.driver.sim.Impairments;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jmtcp demo}: both applications in one process, with every byte checked. */
@Command(
        name = "demo",
        description = {
            "Runs epserver and epwget as two hosts on a simulated wire, in virtual time, and checks every byte.",
            "The same options give the same run. Exits with 0 only if every byte was right and every connection closed"
                    + " in order on both sides."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class DemoCommand implements Callable<Integer> {

    private static final int MOST_AT_A_TIME = 60_000;
    private static final long REORDER_DELAY = 1_000_000;
    private static final int QUEUE = 1 << 16;
    private static final String NONE = "0";

    private final DemoDisplay.Bars bars;

    @Spec
    private CommandSpec spec;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "20000", description = "How many connections.")
    private int connections;

    @Option(names = "--concurrency", paramLabel = "N", defaultValue = "64", description = "The most at a time.")
    private int concurrency;

    @Option(
            names = "--file-size",
            paramLabel = "SIZE",
            defaultValue = "2k",
            converter = Converters.Size.class,
            description = "The size of the file that each fetches.")
    private long fileSize;

    @Option(names = "--seed", paramLabel = "NUMBER", defaultValue = "1", description = "Where all chance comes from.")
    private long seed;

    @Option(names = "--capture", paramLabel = "FILE", defaultValue = "demo.pcapng", description = "Records the frames.")
    private Path capture = Path.of("");

    @Option(
            names = "--capture-size",
            paramLabel = "SIZE",
            defaultValue = "95m",
            converter = Converters.Size.class,
            description = "Records until the file has this size.")
    private long captureSize;

    @Option(names = "--no-capture", description = "Records nothing.", showDefaultValue = Help.Visibility.NEVER)
    private boolean noCapture;

    @Option(
            names = "--duration-limit",
            paramLabel = "TIME",
            defaultValue = NONE,
            converter = Converters.Nanos.class,
            description = "Fails if it takes longer; 0 for no limit.")
    private long durationLimit;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            defaultValue = "50us",
            converter = Converters.Nanos.class,
            description = "How long frames are under way.")
    private long delay;

    @Option(
            names = "--jitter",
            paramLabel = "TIME",
            defaultValue = NONE,
            converter = Converters.Nanos.class,
            description = "The most that a frame takes longer.")
    private long jitter;

    @Option(
            names = "--bandwidth",
            paramLabel = "RATE",
            defaultValue = "10g",
            converter = Converters.Rate.class,
            description = "Bits a second; 0 for no limit.")
    private double bandwidth;

    @Option(
            names = "--loss",
            paramLabel = "PROBABILITY",
            defaultValue = NONE,
            converter = Converters.Probability.class,
            description = "How likely a frame is lost.")
    private double loss;

    @Option(
            names = "--duplicate",
            paramLabel = "PROBABILITY",
            defaultValue = NONE,
            converter = Converters.Probability.class,
            description = "How likely a frame arrives twice.")
    private double duplicate;

    @Option(
            names = "--reorder",
            paramLabel = "PROBABILITY",
            defaultValue = NONE,
            converter = Converters.Probability.class,
            description = "How likely a frame is held back for 1 ms while others pass.")
    private double reorder;

    @Option(
            names = "--corrupt",
            paramLabel = "PROBABILITY",
            defaultValue = NONE,
            converter = Converters.Probability.class,
            description = "How likely a bit of a frame is flipped.")
    private double corrupt;

    @Option(
            names = "--damage",
            description = "Serves the file with one bit wrong: the demo must then fail.",
            showDefaultValue = Help.Visibility.NEVER)
    private boolean damage;

    @Inject
    DemoCommand(DemoDisplay.Bars bars) {
        this.bars = bars;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        DemoPlan plan = plan();
        out.println("%d connections, %d at a time, to fetch %d bytes each; seed %d"
                .formatted(connections, concurrency, fileSize, seed));
        out.flush();
        DemoResult result;
        try (var display = new DemoDisplay(out, bars.make(connections))) {
            result = new Demo(plan, display).run();
        }
        new DemoSummary(result).lines().forEach(out::println);
        out.flush();
        return result.failures().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private DemoPlan plan() {
        check(connections >= 1, "--connections: " + connections + "; expected 1 or more");
        check(
                concurrency >= 1 && concurrency <= MOST_AT_A_TIME,
                "--concurrency: " + concurrency + "; expected 1 to " + MOST_AT_A_TIME);
        var impairments = Impairments.NONE
                .withDelay(delay)
                .withJitter(jitter)
                .withBandwidth(bandwidth, QUEUE)
                .withLoss(loss)
                .withDuplicate(duplicate)
                .withReorder(reorder, REORDER_DELAY)
                .withCorrupt(corrupt);
        return new DemoPlan(
                connections,
                concurrency,
                fileSize,
                seed,
                impairments,
                noCapture ? Optional.empty() : Optional.of(capture),
                captureSize,
                durationLimit == 0 ? Long.MAX_VALUE : durationLimit,
                damage);
    }

    private void check(boolean good, String problem) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }
}
