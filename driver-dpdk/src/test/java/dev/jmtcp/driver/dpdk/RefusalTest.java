package dev.jmtcp.driver.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Needs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cannot be opened says why, and the program lives on. Each in a process of its own. */
class RefusalTest {

    @BeforeEach
    void needDpdk() {
        Installation.need();
    }

    @Test
    void open_devicesThatCannotBeHad_saysWhyAndOpensTheNext() throws Exception {
        List<String> lines = Opener.run(
                "hugepages=off", "net_nosuch0", "net_af_packet0,iface=nosuch0", "net_memif0,role=nobody", "net_ring0");

        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).contains("refused port port0: device net_nosuch0", "failed to parse device");
        assertThat(lines.get(1)).contains("refused port port0: device net_af_packet0,iface=nosuch0");
        assertThat(lines.get(2)).contains("refused port port0: device net_memif0,role=nobody");
        assertThat(lines.get(3)).startsWith(Opener.OPENED);
        assertThat(lines.get(4)).isEqualTo("alive");
    }

    @Test
    void open_hugepagesWantedAndNotThere_saysHowToReserveThem() throws Exception {
        List<String> lines = Opener.run("hugepages=on", "memory=1024g", "net_ring0", "/", "hugepages=off", "net_ring0");

        assertThat(lines.get(0))
                .contains("refused not enough hugepages", "1048576 MB are needed", "/proc/sys/vm/nr_hugepages");
        assertThat(lines.get(1)).as("with normal pages").startsWith(Opener.OPENED);
        assertThat(lines.get(2)).isEqualTo("alive");
    }

    @Test
    void open_tooFewHugepages_goesOnWithNormalPages() throws Exception {
        assertThat(Opener.run("memory=1g", "mbufs=262144", "net_ring0").getLast())
                .isEqualTo("alive");
    }

    @Test
    void open_argumentThatDpdkDoesNotTake_saysSoAndTheRightOnesAreTakenNext() throws Exception {
        List<String> lines = Opener.run(
                "hugepages=off",
                "eal_arguments=--base-virtaddr=nowhere",
                "net_ring0",
                "/",
                "hugepages=off",
                "net_ring0");

        assertThat(lines.get(0)).contains("refused DPDK does not start with", "invalid parameter for --base-virtaddr");
        assertThat(lines.get(1)).startsWith(Opener.OPENED);
        assertThat(lines.get(2)).isEqualTo("alive");
    }

    @Test
    void open_moreMemoryThanDpdkCanHave_isRefusedAndLessIsTakenNext() throws Exception {
        List<String> lines = Opener.run("hugepages=off", "memory=512g", "net_ring0", "/", "hugepages=off", "net_ring0");

        assertThat(lines.get(0)).contains("refused memory: 524288m of normal pages are more than DPDK can do");
        assertThat(lines.get(1)).startsWith(Opener.OPENED);
        assertThat(lines.get(2)).isEqualTo("alive");
    }

    @Test
    void open_filePrefixOfAnotherProcess_saysThatItIsInUseAndThatTheProgramHasToStartAgain() throws Exception {
        Process first = Opener.start(List.of(), "hugepages=off", "file_prefix=jmtcp-test", "net_ring0", "hold");
        try {
            awaitOpened(first);
            assertThat(Opener.run(
                            "hugepages=off", "file_prefix=jmtcp-test", "net_ring0", "/", "hugepages=off", "net_ring0"))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .contains(
                                            "refused DPDK",
                                            "Is another primary process running?",
                                            "start the program again"),
                            line -> assertThat(line)
                                    .contains("refused DPDK can be started once in a process, and that failed"),
                            line -> assertThat(line).isEqualTo("alive"));
        } finally {
            assertThat(Opener.finish(first)).last().isEqualTo("alive");
        }
    }

    private static void awaitOpened(Process process) throws IOException {
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.startsWith(Opener.OPENED)) {
            line = output.readLine();
        }
        assertThat(line).isNotNull();
    }

    @Test
    void open_withoutRights_opensWhatNeedsNoneAndRefusesTheRest() throws Exception {
        Needs.command("setpriv", "util-linux");
        Needs.netAdmin();
        List<String> lines = Opener.finish(Opener.start(
                List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"),
                "hugepages=off",
                "net_ring0",
                "net_af_packet0,iface=lo",
                "net_tap0"));

        assertThat(lines.get(0)).startsWith(Opener.OPENED);
        assertThat(lines.get(1)).startsWith(Opener.REFUSED).contains("operation not permitted");
        assertThat(lines.get(2)).startsWith(Opener.REFUSED).contains("Operation not permitted");
        assertThat(lines.get(3)).isEqualTo("alive");
    }
}
