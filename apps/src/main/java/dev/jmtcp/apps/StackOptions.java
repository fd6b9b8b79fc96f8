package dev.jmtcp.apps;

import dev.jmtcp.core.config.ConfigLoader;
import dev.jmtcp.core.config.JmtcpConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that runs a stack. */
final class StackOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "-f",
            paramLabel = "CONFIG",
            required = true,
            description = "The configuration file, mTCP's mtcp.conf.")
    private Path file = Path.of("");

    @Option(names = "-N", paramLabel = "CORES", description = "How many cores to run; num_cores unless given.")
    private @Nullable Integer cores;

    StackOptions() {}

    /**
     * Reads the configuration.
     *
     * @param mostCores how many cores there is work for
     */
    JmtcpConfig load(ConfigLoader loader, int mostCores) {
        JmtcpConfig config = loader.load(file);
        int wanted = Math.min(cores == null ? config.numCores() : cores, mostCores);
        return wanted == config.numCores() ? config : config.with("num_cores", Integer.toString(wanted));
    }

    /**
     * The cores that the command is to run on.
     *
     * @param only the only one, if one is named
     * @param option the option that names it
     */
    List<Integer> use(JmtcpConfig config, Optional<Integer> only, String option) {
        if (only.isEmpty()) {
            return IntStream.range(0, config.numCores()).boxed().toList();
        }
        if (only.get() < 0 || only.get() >= config.numCores()) {
            throw new ParameterException(
                    command.commandLine(),
                    option + ": no core " + only.get() + "; expected 0 to " + (config.numCores() - 1));
        }
        return List.of(only.get());
    }
}
