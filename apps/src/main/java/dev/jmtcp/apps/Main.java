package dev.jmtcp.apps;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Stage;
import com.google.inject.util.Modules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code jmtcp} command. Its exit code is 0 for success, 1 for a failure, 2 for wrong arguments or a wrong configuration. */
@Command(
        name = "jmtcp",
        description = "A user-level TCP stack for Java.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "jmtcp bench measures the stack, and others beside it: see jmtcp bench --help."},
        subcommands = {
            EpserverCommand.class,
            EpwgetCommand.class,
            DemoCommand.class,
            DriversCommand.class,
            PacketdrillCommand.class
        })
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--driver-path",
            paramLabel = "PATH",
            split = ":",
            scope = ScopeType.INHERIT,
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Jars of drivers and folders of them, besides the folder drivers of the installation.")
    private List<Path> driverPath = new ArrayList<>();

    Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return commandLine(Guice.createInjector(Stage.PRODUCTION, modules()));
    }

    /** What the commands are made of. */
    static Module modules() {
        return Modules.combine(new DriversModule(), new StackModule(), new DemoModule());
    }

    static CommandLine commandLine(Injector injector) {
        return new CommandLine(new Main(), new InjectingFactory(injector))
                .setExecutionExceptionHandler(new Failures())
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** What {@code --driver-path} gave. */
    List<Path> driverPath() {
        return driverPath;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is needed");
    }
}
