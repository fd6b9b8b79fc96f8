package dev.jmtcp.bench;

import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code jmtcp bench}. Its exit code is 0 if everything was verified, 1 if not, 2 for wrong arguments. */
@Command(
        name = "jmtcp bench",
        description = "Measures jmtcp, both ends of it, and others that do the same work, in turn.",
        synopsisSubcommandLabel = "WORKLOAD",
        mixinStandardHelpOptions = true,
        subcommands = {
            W1Command.class,
            W2Command.class,
            W3Command.class,
            W4Command.class,
            W5Command.class,
            W6Command.class,
            W7Command.class,
            DpdkCommand.class
        },
        footer = {"", "micro [PATTERN] [JMH's options] measures single parts with JMH."})
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        System.setProperty("java.awt.headless", "true");
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler(Main::fail)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static int fail(Exception exception, CommandLine command, ParseResult result) throws Exception {
        if (!(exception instanceof IOException)) {
            throw exception;
        }
        command.getErr().println(exception.getMessage());
        command.getErr().flush();
        return ExitCode.SOFTWARE;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a workload is needed");
    }
}
