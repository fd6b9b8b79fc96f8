package dev.jmtcp.bench;

import dev.jmtcp.bench.jmtcp.JmtcpLoop;
import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.race.Race;
import dev.jmtcp.bench.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A workload that contestants compete in. */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
abstract class RaceCommand implements Callable<Integer> {

    private static final int MOST_CONNECTIONS = 60_000;

    @Mixin
    private RaceOptions race;

    @Mixin
    private FileOptions files;

    @Spec
    private CommandSpec spec;

    private final String title;
    private final String unit;

    RaceCommand(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /** What is to be done, one after the other. */
    abstract List<? extends Load> loads();

    /** Who of jmtcp takes part in a kind of work; the peers are added. */
    List<Race.Entry> entries(Load load) {
        return List.of(() -> JmtcpLoop.of(load));
    }

    @Override
    public final Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, String> settings = Machine.description();
        List<Report.Group> groups =
                race.race(loads(), this::entries, settings, spec.commandLine().getErr());
        return files.publish(new Report(spec.name(), title, unit, settings, groups), out);
    }

    final void check(List<Integer> connections, String option) {
        for (int count : connections) {
            if (count < 1 || count > MOST_CONNECTIONS) {
                throw new ParameterException(
                        spec.commandLine(), option + ": " + count + "; expected 1 to " + MOST_CONNECTIONS);
            }
        }
    }
}
