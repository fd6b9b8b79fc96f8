package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.driver.Driver;
import dev.jmtcp.core.driver.DriverRegistry;
import dev.jmtcp.spi.DriverOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Run with {@code -Djmtcp.docs=write}, this writes the tables of the drivers' options instead of checking them. */
class DriverDocumentationTest {

    private static final String BEGIN = "<!-- begin drivers -->\n";
    private static final String END = "<!-- end drivers -->\n";

    @Test
    void documentation_ofConfiguration_hasEveryDriverAndItsOptions() throws IOException {
        Path file = Path.of("..", "docs", "configuration.md");
        String text = Files.readString(file);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        assertThat(end).as("the place of the drivers in %s", file).isGreaterThanOrEqualTo(begin);
        String tables = tables();

        if ("write".equals(System.getProperty("jmtcp.docs"))) {
            Files.writeString(file, text.substring(0, begin) + tables + text.substring(end));
        } else {
            assertThat(text.substring(begin, end))
                    .as("to be made anew with bin/mvn -o -pl apps -am test -Dtest=DriverDocumentationTest"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Djmtcp.docs=write")
                    .isEqualTo(tables);
        }
    }

    private static String tables() {
        var tables = new StringBuilder();
        List<Driver> drivers = DriverRegistry.find(List.of()).drivers();
        assertThat(drivers).isNotEmpty();
        for (Driver driver : drivers) {
            tables.append("\n#### %s\n\nDrives: %s.\n"
                    .formatted(driver.name(), driver.provider().description()));
            List<DriverOption> options = driver.provider().options();
            List<DriverOption> portOptions = driver.provider().portOptions();
            if (!options.isEmpty() || !portOptions.isEmpty()) {
                tables.append("\n| key | default | value | meaning |\n|---|---|---|---|\n");
            }
            options.forEach(option -> tables.append(row(driver.name() + "." + option.name(), option)));
            portOptions.forEach(option -> tables.append(row("port.<name>." + option.name(), option)));
        }
        return tables.append('\n').toString();
    }

    private static String row(String key, DriverOption option) {
        return "| `%s` | %s | %s | %s |\n"
                .formatted(key, option.defaultValue(), option.accepted(), option.description());
    }
}
