package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.config.JmtcpConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurlLineTest {

    private static final String PORT = "port = tap0\nport.tap0.address = 10.9.0.2/24\n";

    @TempDir
    private Path folder;

    @Test
    void of_tapWithAFile_asksForIt() throws IOException {
        for (String name : new String[] {"with blank", ".hidden", "b", "a.txt"}) {
            Files.createFile(folder.resolve(name));
        }
        Files.createDirectory(folder.resolve("A"));
        var config = JmtcpConfig.parse("io = tap\n" + PORT);
        assertThat(CurlLine.of(config, folder, 80)).hasValue("curl http://10.9.0.2/a.txt");
        assertThat(CurlLine.of(config, folder, 8080)).hasValue("curl http://10.9.0.2:8080/a.txt");
    }

    @Test
    void of_tapWithAnIndex_asksForIt() throws IOException {
        Files.createFile(folder.resolve("a.html"));
        Files.createFile(folder.resolve("index.html"));
        assertThat(CurlLine.of(JmtcpConfig.parse("io = tap\n" + PORT), folder, 80))
                .hasValue("curl http://10.9.0.2/");
    }

    @Test
    void of_tapWithoutFiles_leavesAPlaceForTheName() {
        assertThat(CurlLine.of(JmtcpConfig.parse("io = tap\n" + PORT), folder, 80))
                .hasValue("curl http://10.9.0.2/FILE");
        assertThat(CurlLine.of(JmtcpConfig.parse("io = tap\n" + PORT), folder.resolve("none"), 80))
                .hasValue("curl http://10.9.0.2/FILE");
    }

    @Test
    void of_driverThatProgramsOfThisMachineDoNotReach_isNone() {
        assertThat(CurlLine.of(JmtcpConfig.parse("io = pcap-sim\n" + PORT), folder, 80))
                .isEmpty();
        assertThat(CurlLine.of(JmtcpConfig.parse("io = tap\nport = tap0\n"), folder, 80))
                .isEmpty();
    }
}
