package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.util.Modules;
import dev.jmtcp.core.driver.Driver;
import dev.jmtcp.core.driver.DriverProblem;
import dev.jmtcp.core.driver.DriverRegistry;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.Probe;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DriversCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Path> asked = new ArrayList<>();

    private int run(DriverRegistry registry, String... arguments) {
        DriverFinder finder = further -> {
            asked.addAll(further);
            return registry;
        };
        var fake = new AbstractModule() {
            @Override
            protected void configure() {
                bind(DriverFinder.class).toInstance(finder);
            }
        };
        return Main.commandLine(
                        Guice.createInjector(Modules.override(Main.modules()).with(fake)))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private static DriverRegistry registry(Driver... drivers) {
        return new DriverRegistry(List.of(drivers), List.of());
    }

    private static Driver driver(String name, Supplier<Probe> probe, DriverOption... options) {
        return new Driver(
                name,
                new PacketIoProvider() {
                    @Override
                    public String name() {
                        return name;
                    }

                    @Override
                    public String description() {
                        return "drives " + name;
                    }

                    @Override
                    public Probe probe() {
                        return probe.get();
                    }

                    @Override
                    public List<DriverOption> options() {
                        return List.of(options);
                    }

                    @Override
                    public List<DriverOption> portOptions() {
                        return options.length == 0
                                ? List.of()
                                : List.of(new DriverOption("queue", "0", "a number", "its queue"));
                    }

                    @Override
                    public PacketIo open(DriverConfig config) throws PacketIoException {
                        throw new PacketIoException("not in this test");
                    }
                },
                "this test");
    }

    private static final Driver GOOD = driver(
            "good",
            () -> new Probe.Usable("version 1"),
            new DriverOption("loss", "0", "0–1", "the share of frames lost"));
    private static final Driver POOR = driver("poor", () -> new Probe.Unusable("no /dev/poor", "modprobe poor"));

    @Test
    void drivers_found_areListedWithWhatToDo() {
        assertThat(run(registry(POOR, GOOD), "drivers")).isZero();
        assertThat(out.toString()).isEqualTo("""
                DRIVER  USABLE  WHY           WHAT TO DO     OPTIONS
                good    yes     version 1                    loss, port.<name>.queue
                poor    no      no /dev/poor  modprobe poor
                """);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void drivers_named_areDescribedWithTheirOptions() {
        assertThat(run(registry(GOOD, POOR), "drivers", "good", "poor")).isZero();
        assertThat(out.toString()).isEqualTo("""
                good: drives good
                  found in  this test
                  usable    version 1

                KEY                DEFAULT  VALUE     MEANING
                good.loss          0        0–1       the share of frames lost
                port.<name>.queue  0        a number  its queue

                poor: drives poor
                  found in  this test
                  unusable  no /dev/poor
                  remedy    modprobe poor

                """);
    }

    @Test
    void drivers_unknownName_isUsageErrorWithSuggestion() {
        assertThat(run(registry(GOOD, POOR), "drivers", "god")).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("no driver 'god'; expected good\n");
    }

    @Test
    void drivers_none_saysSo() {
        assertThat(run(registry(), "drivers")).isZero();
        assertThat(out.toString()).isEqualTo("No drivers found.\n");
    }

    @Test
    void drivers_brokenJar_isReportedAndFails() {
        var registry =
                new DriverRegistry(List.of(GOOD), List.of(new DriverProblem("x.jar", "is no usable jar: broken")));

        assertThat(run(registry, "drivers")).isEqualTo(1);
        assertThat(out.toString()).contains("good");
        assertThat(err.toString()).isEqualTo("x.jar: is no usable jar: broken\n");
    }

    @Test
    void drivers_probeThatThrows_isListedAsUnusable() {
        Driver rude = driver("rude", () -> {
            throw new IllegalStateException("boom");
        });

        assertThat(run(registry(rude), "drivers")).isZero();
        assertThat(out.toString()).contains("its probe failed: java.lang.IllegalStateException: boom");
    }

    @Test
    void driverPath_beforeOrAfterTheCommand_isSearched() {
        assertThat(run(registry(GOOD), "--driver-path", "a.jar:b", "drivers")).isZero();
        assertThat(run(registry(GOOD), "drivers", "--driver-path=c")).isZero();
        assertThat(asked).containsExactly(Path.of("a.jar"), Path.of("b"), Path.of("c"));
    }

    @Test
    void driverPath_missing_isReported() {
        int code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute("--driver-path=/nowhere/at/all", "drivers");

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("/nowhere/at/all: no such file or folder\n");
    }
}
