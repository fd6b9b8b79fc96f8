package dev.jmtcp.core.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.core.config.ConfigException;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.spi.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverRegistryTest {

    private static final String SERVICE_FILE = "META-INF/services/dev.jmtcp.spi.PacketIoProvider";

    @TempDir
    Path directory;

    private JarMaker jars;
    private Path folder;

    @BeforeEach
    void create() throws IOException {
        jars = new JarMaker(directory);
        folder = Files.createDirectories(directory.resolve("drivers"));
    }

    /** Without the drivers of the program that the tests are. */
    private static DriverRegistry find(Path path) {
        List<Driver> own = DriverRegistry.find(List.of()).drivers();
        DriverRegistry all = DriverRegistry.find(List.of(path));
        return new DriverRegistry(
                all.drivers().stream()
                        .filter(driver ->
                                own.stream().noneMatch(known -> known.name().equals(driver.name())))
                        .toList(),
                all.problems());
    }

    private static List<String> names(DriverRegistry registry) {
        return registry.drivers().stream().map(Driver::name).toList();
    }

    private static JmtcpConfig config(String io) {
        return JmtcpConfig.parse("num_cores = 1\nio = " + io + "\nport = p");
    }

    @Test
    void find_withoutPath_hasNoProblem() {
        assertThat(DriverRegistry.find(List.of()).problems()).isEmpty();
    }

    @Test
    void find_modules_loadsThemAndSelectsByName() throws IOException {
        jars.makeDriverModule(folder.resolve("b.jar"), "test.beta", "beta");
        jars.makeDriverModule(folder.resolve("a.jar"), "test.alpha", "alpha-2");
        Files.writeString(folder.resolve("readme.txt"), "no jar");

        DriverRegistry registry = find(folder);

        assertThat(registry.problems()).isEmpty();
        assertThat(names(registry)).containsExactly("alpha-2", "beta");
        Driver driver = registry.select(config("beta"));
        assertThat(driver.origin()).isEqualTo(folder.resolve("b.jar").toString());
        assertThat(driver.provider().probe()).isEqualTo(new Probe.Usable("always"));
        assertThat(registry.driver("beta")).contains(driver);
        assertThat(driver.provider().getClass().getModule().getName()).isEqualTo("test.beta");
        assertThat(driver.provider().getClass().getModule().isNativeAccessEnabled())
                .isEqualTo(DriverRegistry.class.getModule().isNativeAccessEnabled())
                .isTrue();
    }

    @Test
    void find_jarWithoutDescriptor_becomesAnAutomaticModule() throws IOException {
        jars.make(
                folder.resolve("plain-1.0.jar"),
                Map.of("plain/Made.java", JarMaker.driver("plain", "Made", "plain", ""), SERVICE_FILE, "plain.Made\n"));

        DriverRegistry registry = find(folder.resolve("plain-1.0.jar"));

        assertThat(registry.problems()).isEmpty();
        assertThat(names(registry)).containsExactly("plain");
        assertThat(registry.drivers()
                        .getFirst()
                        .provider()
                        .getClass()
                        .getModule()
                        .getDescriptor()
                        .isAutomatic())
                .isTrue();
    }

    @Test
    void find_driverThatNeedsAnotherJar_takesItFromTheSameFolder() throws IOException {
        Path library = folder.resolve("library.jar");
        jars.make(
                library,
                Map.of(
                        "module-info.java",
                        "module test.library { exports test.library; }",
                        "test/library/Name.java",
                        "package test.library; public class Name { public static final String NAME = \"with-\" + new String(\"library\"); }"));
        jars.make(
                folder.resolve("driver.jar"),
                Map.of(
                        "module-info.java",
                        "module test.user { requires dev.jmtcp.spi; requires test.library;"
                                + " provides dev.jmtcp.spi.PacketIoProvider with test.user.Made; }",
                        "test/user/Made.java",
                        JarMaker.driver("test.user", "Made", "x", "")
                                .replace("return \"x\"", "return test.library.Name.NAME")),
                library);

        DriverRegistry registry = find(folder);

        assertThat(registry.problems()).isEmpty();
        assertThat(names(registry)).containsExactly("with-library");
        Files.delete(library);
        DriverRegistry without = find(folder);
        assertThat(without.drivers()).isEmpty();
        assertThat(without.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.origin()).endsWith("driver.jar");
            assertThat(problem.reason()).contains("test.library").contains("test.user");
        });
    }

    @Test
    void find_brokenJarsBesideGoodOne_reportsThemAndLoadsIt() throws IOException {
        jars.makeDriverModule(folder.resolve("good.jar"), "test.good", "good");
        Files.writeString(folder.resolve("broken.jar"), "this is no jar");
        jars.make(
                folder.resolve("throws.jar"),
                Map.of(
                        "module-info.java",
                        "module test.throwing { requires dev.jmtcp.spi;"
                                + " provides dev.jmtcp.spi.PacketIoProvider with test.throwing.Made; }",
                        "test/throwing/Made.java",
                        JarMaker.driver(
                                "test.throwing",
                                "Made",
                                "throwing",
                                "if (true) throw new IllegalStateException(\"no luck\");")));
        jars.makeDriverModule(folder.resolve("upper.jar"), "test.upper", "Upper Case");

        DriverRegistry registry = find(folder);

        assertThat(names(registry)).containsExactly("good");
        assertThat(registry.problems())
                .extracting(problem -> Path.of(problem.origin()).getFileName().toString(), DriverProblem::reason)
                .satisfiesExactlyInAnyOrder(
                        broken -> assertThat(broken.toList().toString()).startsWith("[broken.jar, is no usable jar: "),
                        thrown -> assertThat(thrown.toList())
                                .containsExactly(
                                        "throws.jar",
                                        "test.throwing.Made cannot be used: IllegalStateException: no luck"),
                        upper -> assertThat(upper.toList())
                                .containsExactly(
                                        "upper.jar",
                                        "test.upper.Made has the name 'Upper Case', not of lower case letters, digits and dashes"));
        assertThatThrownBy(() -> registry.select(config("throwing")))
                .hasMessageContaining("no driver 'throwing' was found (and these could not be used: ")
                .hasMessageContaining("no luck")
                .hasMessageEndingWith("; expected one of good");
    }

    @Test
    void find_providerMissingFromItsJar_reportsIt() throws IOException {
        jars.make(
                folder.resolve("hollow.jar"),
                Map.of("plain/Made.java", JarMaker.driver("plain", "Made", "plain", ""), SERVICE_FILE, "plain.Gone\n"));

        DriverRegistry registry = find(folder);

        assertThat(registry.drivers()).isEmpty();
        assertThat(registry.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).contains("plain.Gone"));
    }

    @Test
    void find_jarWithoutDriver_isAProblemOnlyIfNamed() throws IOException {
        Path library = folder.resolve("library.jar");
        jars.make(library, Map.of("module-info.java", "module test.library { }"));

        assertThat(find(folder).problems()).isEmpty();
        assertThat(find(library).problems())
                .containsExactly(new DriverProblem(
                        library.toString(), "holds no driver: it does not provide dev.jmtcp.spi.PacketIoProvider"));
    }

    @Test
    void find_pathMissing_isAProblem() {
        Path nowhere = directory.resolve("nowhere");

        assertThat(find(nowhere).problems())
                .containsExactly(new DriverProblem(nowhere.toString(), "no such file or folder"));
    }

    @Test
    void find_sameModuleTwice_namesBoth() throws IOException {
        Path one = folder.resolve("one.jar");
        Path two = folder.resolve("two.jar");
        jars.makeDriverModule(one, "test.same", "same");
        Files.copy(one, two);

        DriverRegistry registry = find(folder);

        assertThat(names(registry)).containsExactly("same");
        assertThat(registry.problems())
                .containsExactly(new DriverProblem(two.toString(), "is module test.same, and so is " + one));
    }

    @Test
    void find_moduleOfTheProgram_isNotReplaced() throws IOException {
        Path jar = folder.resolve("spi.jar");
        jars.make(jar, Map.of("module-info.java", "module dev.jmtcp.spi { }"));
        jars.makeDriverModule(folder.resolve("good.jar"), "test.good", "good");

        DriverRegistry registry = find(folder);

        assertThat(names(registry)).containsExactly("good");
        assertThat(registry.problems()).isEmpty();
    }

    @Test
    void select_nameOfTwoDrivers_namesBothOrigins() throws IOException {
        jars.makeDriverModule(folder.resolve("one.jar"), "test.one", "twin");
        jars.makeDriverModule(folder.resolve("two.jar"), "test.two", "twin");

        DriverRegistry registry = find(folder);

        assertThat(names(registry)).containsExactly("twin", "twin");
        assertThat(registry.driver("twin")).isEmpty();
        assertThatThrownBy(() -> registry.select(config("twin")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("config:2: io: there is more than one driver 'twin': ")
                .hasMessageContaining("one.jar")
                .hasMessageContaining("two.jar");
    }

    @Test
    void select_unknownName_namesThoseFound() throws IOException {
        jars.makeDriverModule(folder.resolve("one.jar"), "test.one", "dpdk");
        jars.makeDriverModule(folder.resolve("two.jar"), "test.two", "netmap");
        DriverRegistry registry = find(folder);

        assertThatThrownBy(() -> registry.select(config("dppk")))
                .hasMessage("config:2: io: no driver 'dppk' was found; expected dpdk");
        assertThatThrownBy(() -> registry.select(config("wireless")))
                .hasMessage("config:2: io: no driver 'wireless' was found; expected one of dpdk, netmap");
        assertThatThrownBy(() -> new DriverRegistry(List.of(), List.of()).select(JmtcpConfig.parse("")))
                .hasMessage("io: no driver 'dpdk' was found;"
                        + " expected a driver among the program's modules or in the drivers folder");
    }
}
