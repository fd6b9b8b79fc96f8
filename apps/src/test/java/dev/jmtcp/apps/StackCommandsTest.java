package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.config.ConfigLoader;
import dev.jmtcp.core.socket.Jmtcp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands that run a stack say to wrong options and configurations, and to drivers that cannot start. */
class StackCommandsTest {

    private static final String GOOD = """
            io = pcap-sim
            pcap-sim.wire = commands-test
            num_cores = 2
            port = sim0
            port.sim0.address = 10.0.0.1/24
            max_concurrency = 1000
            """;

    @TempDir
    private Path folder;

    private final ShownText shown = new ShownText();
    private Path config;

    @BeforeEach
    void create() throws IOException {
        config = Files.writeString(folder.resolve("a.conf"), GOOD);
    }

    private int epserver(String... more) {
        List<String> arguments = new ArrayList<>(List.of("epserver", "-f", config.toString(), "-p", folder.toString()));
        arguments.addAll(List.of(more));
        return Network.run(shown, arguments.toArray(String[]::new));
    }

    private int epwget(String... more) {
        List<String> arguments = new ArrayList<>(List.of("epwget", "-f", config.toString(), "10.0.0.2/x", "10"));
        arguments.addAll(List.of(more));
        return Network.run(shown, arguments.toArray(String[]::new));
    }

    @Test
    void wrongLine_isNamedWithWhatWouldBeRight() throws IOException {
        Files.writeString(config, GOOD + "rcvbuff = 8192\n");

        assertThat(epserver()).isEqualTo(2);
        assertThat(shown.toString()).isEqualTo(config + ":7: rcvbuff: unknown key; expected rcvbuf\n");
    }

    @Test
    void wrongValue_isNamedWithWhatWouldBeRight() throws IOException {
        Files.writeString(config, GOOD + "tcp_timeout = soon\n");

        assertThat(epwget()).isEqualTo(2);
        assertThat(shown.toString()).contains(config + ":7: tcp_timeout: bad value 'soon'; expected a duration");
    }

    @Test
    void unknownDriver_isNamedWithThoseThatThereAre() throws IOException {
        Files.writeString(
                config, GOOD.replace("io = pcap-sim", "io = pcap-simm").replace("pcap-sim.wire", "#"));

        assertThat(epserver()).isEqualTo(2);
        assertThat(shown.toString())
                .contains(config + ":1: io: no driver 'pcap-simm'")
                .contains("expected pcap-sim");
    }

    @Test
    void wrongDriverOption_isNamedWithItsLine() throws IOException {
        Files.writeString(config, GOOD + "pcap-sim.loss = much\n");

        assertThat(epserver()).isEqualTo(2);
        assertThat(shown.toString()).contains(config + ":7: pcap-sim.loss: bad value 'much'; expected a probability");
    }

    @Test
    void portWithoutAddress_isNamedWithTheLineThatIsMissing() throws IOException {
        Files.writeString(config, GOOD.replace("port.sim0.address", "#"));

        assertThat(epserver()).isEqualTo(2);
        assertThat(shown.toString()).contains("port: port sim0 has no address; expected a line like port.sim0.address");
    }

    @Test
    void driverThatCannotStart_saysWhyAndFails() throws IOException {
        Files.writeString(config, GOOD + "pcap-sim.places = 2\n");
        try (var other = Jmtcp.init(new ConfigLoader().load(config))) {
            assertThat(epserver()).isEqualTo(1);
            assertThat(other.io().ports()).hasSize(1);
            assertThat(shown.toString())
                    .startsWith("port sim0: the wire")
                    .contains("2 places, of which 0 are free, and 2 are needed; make it larger (pcap-sim.places)");
        }
    }

    @Test
    void missingFiles_areNamed() {
        Path none = folder.resolve("none");

        assertThat(Network.run(shown, "epserver", "-f", none.toString(), "-p", folder.toString()))
                .isEqualTo(2);
        assertThat(shown.toString()).contains(none + ": no such file");
        assertThat(Network.run(shown, "epserver", "-f", config.toString(), "-p", none.toString()))
                .isEqualTo(2);
        assertThat(shown.toString()).contains("-p: no folder " + none + '\n');
    }

    @ParameterizedTest
    @CsvSource({
        "-b, 0, -b: bad backlog 0; expected 1 to max_concurrency",
        "-b, 1001, -b: bad backlog 1001; expected 1 to max_concurrency",
        "-b, x, Invalid value for option '-b'",
        "-N, 0, num_cores: bad value '0'",
        "-N, x, Invalid value for option '-N'",
        "-c, 2, -c: no core 2; expected 0 to 1",
        "-c, -1, -c: no core -1; expected 0 to 1",
        "--listen-port, 0, --listen-port: no port 0",
        "--listen-port, 65536, --listen-port: no port 65536",
    })
    void epserver_badOption_isUsageError(String option, String value, String message) {
        assertThat(epserver(option, value)).isEqualTo(2);
        assertThat(shown.toString()).contains(message);
    }

    @ParameterizedTest
    @CsvSource({"-n, 2, -n: no core 2", "-N, -1, num_cores: bad value '-1'", "-c, 0, -c: 0"})
    void epwget_badOption_isUsageError(String option, String value, String message) {
        assertThat(epwget(option, value)).isEqualTo(2);
        assertThat(shown.toString()).contains(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epserver", "epwget"})
    void optionsThatAreNeeded_areAskedFor(String command) {
        assertThat(Network.run(shown, command)).isEqualTo(2);
        assertThat(shown.toString()).contains("Missing required").contains("-f");
    }

    @ParameterizedTest
    @CsvSource({"epserver, '-b,-c,-f,-h,-N,-p'", "epwget, '-c,-f,-h,-n,-N,-o,URL,FLOWS'"})
    void help_hasTheOptionsOfMtcp(String command, String options) {
        assertThat(Network.run(shown, command, "-h")).isZero();
        assertThat(shown.toString()).contains(options.split(",", -1));
    }
}
