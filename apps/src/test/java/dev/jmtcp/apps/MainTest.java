package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine command =
            Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V"})
    void version_isPrinted(String option) {
        assertThat(command.execute(option)).isZero();
        assertThat(out.toString())
                .containsPattern("^jmtcp [0-9]+\\.[0-9]+")
                .contains("Java " + Runtime.version().feature());
    }

    @Test
    void help_listsTheCommands() {
        assertThat(command.execute("--help")).isZero();
        assertThat(out.toString()).contains("Usage: jmtcp", "drivers", "--driver-path");
    }

    @Test
    void noCommand_isUsageErrorWithHelp() {
        assertThat(command.execute()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("a command is needed", "--help");
    }

    @Test
    void unknownOption_isUsageError() {
        assertThat(command.execute("--no-such-option")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--no-such-option");
    }

    @Test
    void unknownCommand_isUsageErrorWithSuggestion() {
        assertThat(command.execute("driver")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("drivers");
    }

    @Test
    void systemLogger_goesToLogback() {
        System.Logger logger = System.getLogger("test");

        assertThat(logger.getClass().getName()).startsWith("org.slf4j.");
        assertThat(logger.isLoggable(System.Logger.Level.WARNING)).isTrue();
        assertThat(logger.isLoggable(System.Logger.Level.INFO)).isFalse();
    }
}
