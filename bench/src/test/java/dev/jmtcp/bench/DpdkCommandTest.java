package dev.jmtcp.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Needs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DpdkCommandTest {

    @Test
    void shortRun_comparesAllThree() {
        Needs.command("gcc", "gcc");
        Needs.device(Path.of("/usr/include/dpdk/rte_ethdev.h"));
        var out = new StringWriter();

        int code =
                Main.commandLine().setOut(new PrintWriter(out)).execute("dpdk", "--runs", "3", "--milliseconds", "5");

        assertThat(out.toString())
                .containsPattern("empty poll, net_null +\\d+\\.\\d +\\d+\\.\\d +\\d+\\.\\d\\d")
                .containsPattern("rx and tx of 32, net_null +\\d+\\.\\d +\\d+\\.\\d +\\d+\\.\\d\\d")
                .containsPattern("alloc and free of 32 +\\d+\\.\\d +\\d+\\.\\d +\\d+\\.\\d\\d");
        assertThat(code).isZero();
    }
}
