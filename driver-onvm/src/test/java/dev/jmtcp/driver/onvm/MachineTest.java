package dev.jmtcp.driver.onvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jmtcp.spi.Probe;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {

    @TempDir
    Path processes;

    @BeforeEach
    void needsDpdk() {
        assumeTrue(Machine.unfit() == null, "needs DPDK 22.11: apt-get install dpdk libdpdk-dev");
    }

    @Test
    void noProcessOfDpdk_isUnusable() throws Exception {
        assertThat(Machine.probe(processes.resolve("none"))).isInstanceOf(Probe.Unusable.class);
        Files.createFile(Files.createDirectory(processes.resolve("ended")).resolve("config"));
        Files.createDirectory(processes.resolve("empty"));
        assertThat(Machine.probe(processes))
                .isEqualTo(new Probe.Unusable(
                        "no primary process of DPDK runs, which the openNetVM manager is", "start onvm_mgr first"));
    }

    @Test
    void processThatHoldsItsLock_isNamed() throws Exception {
        Path config = Files.createFile(
                Files.createDirectory(processes.resolve("living")).resolve("config"));
        Files.createFile(Files.createDirectory(processes.resolve("ended")).resolve("config"));
        try (FileChannel channel = FileChannel.open(config, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThat(Machine.probe(processes))
                    .isEqualTo(new Probe.Usable(
                            "primary processes of DPDK that run, by file prefix: living; one has to be onvm_mgr"));
        }
    }
}
