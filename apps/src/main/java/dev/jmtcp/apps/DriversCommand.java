package dev.jmtcp.apps;

import dev.jmtcp.core.config.ConfigException;
import dev.jmtcp.core.config.Nearest;
import dev.jmtcp.core.driver.Driver;
import dev.jmtcp.core.driver.DriverProblem;
import dev.jmtcp.core.driver.DriverRegistry;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.Probe;
import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jmtcp drivers}: which drivers there are, whether they can be used here, and how they are configured. */
@Command(
        name = "drivers",
        description = "Lists the packet I/O drivers found, whether each can be used here and if not, what helps.",
        mixinStandardHelpOptions = true)
final class DriversCommand implements Callable<Integer> {

    private final DriverFinder finder;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Main main;

    @Parameters(
            arity = "0..*",
            paramLabel = "DRIVER",
            description = "Only these drivers, with all about their options.")
    private List<String> names = new ArrayList<>();

    @Inject
    DriversCommand(DriverFinder finder) {
        this.finder = finder;
    }

    @Override
    public Integer call() {
        DriverRegistry registry = finder.find(main.driverPath());
        PrintWriter out = spec.commandLine().getOut();
        if (names.isEmpty()) {
            list(registry, out);
        } else {
            for (String name : names) {
                List<Driver> drivers = registry.drivers().stream()
                        .filter(driver -> driver.name().equals(name))
                        .toList();
                if (drivers.isEmpty()) {
                    List<String> known = registry.drivers().stream()
                            .map(Driver::name)
                            .distinct()
                            .toList();
                    throw new ConfigException("", 0, "", "no driver '" + name + "'", Nearest.oneOf(name, known));
                }
                drivers.forEach(driver -> describe(driver, out));
            }
        }
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        for (DriverProblem problem : registry.problems()) {
            err.println(problem.origin() + ": " + problem.reason());
        }
        err.flush();
        return registry.problems().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static void list(DriverRegistry registry, PrintWriter out) {
        if (registry.drivers().isEmpty()) {
            out.println("No drivers found.");
            return;
        }
        var table = new TextTable("DRIVER", "USABLE", "WHY", "WHAT TO DO", "OPTIONS");
        for (Driver driver : registry.drivers()) {
            String options = optionNames(driver);
            switch (probe(driver)) {
                case Probe.Usable(String detail) -> table.row(driver.name(), "yes", detail, "", options);
                case Probe.Unusable(String reason, String remedy) ->
                    table.row(driver.name(), "no", reason, remedy, options);
            }
        }
        table.print(out);
    }

    private static void describe(Driver driver, PrintWriter out) {
        out.println(driver.name() + ": " + driver.provider().description());
        out.println("  found in  " + driver.origin());
        switch (probe(driver)) {
            case Probe.Usable(String detail) -> out.println("  usable    " + detail);
            case Probe.Unusable(String reason, String remedy) -> {
                out.println("  unusable  " + reason);
                out.println("  remedy    " + remedy);
            }
        }
        var table = new TextTable("KEY", "DEFAULT", "VALUE", "MEANING");
        for (DriverOption option : driver.provider().options()) {
            table.row(
                    driver.name() + "." + option.name(),
                    option.defaultValue(),
                    option.accepted(),
                    option.description());
        }
        for (DriverOption option : driver.provider().portOptions()) {
            table.row("port.<name>." + option.name(), option.defaultValue(), option.accepted(), option.description());
        }
        if (!table.isEmpty()) {
            out.println();
            table.print(out);
        }
        out.println();
    }

    private static String optionNames(Driver driver) {
        List<String> names = new ArrayList<>();
        driver.provider().options().forEach(option -> names.add(option.name()));
        driver.provider().portOptions().forEach(option -> names.add("port.<name>." + option.name()));
        return String.join(", ", names);
    }

    /** A probe that breaks its promise not to throw is an answer too. */
    private static Probe probe(Driver driver) {
        try {
            return driver.provider().probe();
        } catch (RuntimeException | LinkageError e) {
            return new Probe.Unusable("its probe failed: " + e, "tell the driver's author");
        }
    }
}
