package dev.jmtcp.apps;

import dev.jmtcp.packetdrill.JunitReport;
import dev.jmtcp.packetdrill.Outcome;
import dev.jmtcp.packetdrill.Packetdrill;
import dev.jmtcp.packetdrill.Profile;
import dev.jmtcp.packetdrill.Suite;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jmtcp packetdrill}: runs packetdrill scripts against the stack in virtual time. */
@Command(
        name = "packetdrill",
        description = "Runs packetdrill scripts against the stack, in virtual time. Exit code 1 if one fails.",
        mixinStandardHelpOptions = true)
final class PacketdrillCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = "rfc",
            description = "Whose behaviour the scripts take for granted: ${COMPLETION-CANDIDATES}.")
    private Profile profile;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write the results to this file, too, in JUnit's XML format.")
    private @Nullable Path report;

    @Option(
            names = {"-D", "--define"},
            paramLabel = "NAME=VALUE",
            description = "A word of the scripts that stands for something else.")
    private Map<String, String> definitions = new HashMap<>();

    @Option(
            names = {"-q", "--quiet"},
            description = "Print only what failed, and the totals.")
    private boolean quiet;

    @Parameters(arity = "1..*", paramLabel = "SCRIPT", description = "Scripts, and folders whose *.pkt files are run.")
    private List<Path> places;

    PacketdrillCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Path> scripts;
        try {
            scripts = Suite.find(places);
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage() + " does not exist", e);
        }
        PrintWriter out = spec.commandLine().getOut();
        int threads = Runtime.getRuntime().availableProcessors();
        List<Suite.Result> results = Suite.run(new Packetdrill(profile, definitions), scripts, threads, result -> {
            print(out, result);
            out.flush();
        });
        long failed = count(results, Outcome.Failed.class);
        out.printf(
                "%d passed, %d failed, %d unsupported%n",
                count(results, Outcome.Passed.class), failed, count(results, Outcome.Unsupported.class));
        out.flush();
        if (report != null) {
            JunitReport.write(report, results);
        }
        return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void print(PrintWriter out, Suite.Result result) {
        switch (result.outcome()) {
            case Outcome.Passed() -> {
                if (!quiet) {
                    out.println("passed       " + result.script());
                }
            }
            case Outcome.Failed(int line, String message) ->
                out.println("failed       " + result.script() + ":" + line + ": " + message);
            case Outcome.Unsupported(int line, String reason) -> {
                if (!quiet) {
                    out.println("unsupported  " + result.script() + ":" + line + ": " + reason);
                }
            }
        }
    }

    private static long count(List<Suite.Result> results, Class<? extends Outcome> kind) {
        return results.stream()
                .filter(result -> kind.isInstance(result.outcome()))
                .count();
    }
}
