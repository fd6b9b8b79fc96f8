package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine command =
            Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @Test
    void version_isPrinted() {
        assertThat(command.execute("--version")).isZero();
        assertThat(out.toString()).startsWith("jmtcp ");
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
}
