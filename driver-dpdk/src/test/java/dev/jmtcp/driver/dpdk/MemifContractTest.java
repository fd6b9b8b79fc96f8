package dev.jmtcp.driver.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;

/** The contract of drivers, between ports that share memory by memif. */
class MemifContractTest extends PacketIoContractTest {

    private static final long PATIENCE = 10_000_000_000L;

    @TempDir
    static Path directory;

    @Override
    protected DriverFixture fixture() {
        String socket = "socket-abstract=no,socket=" + directory.resolve("memif");
        return DriverFixture.peers(
                        new DpdkProvider(),
                        Configs.port("near", "net_memif_near,role=server," + socket),
                        Configs.port("far", "net_memif_far,role=client," + socket))
                .keepsLinkOpen()
                .queues(2)
                .afterOpen(MemifContractTest::offerBuffers);
    }

    /** The client's side offers the server's side room whenever it receives; before it has once, the server's cannot send. */
    private static void offerBuffers(List<PacketIo> open) {
        long start = System.nanoTime();
        while (!open.stream().allMatch(io -> io.linkUp(0))) {
            assertThat(System.nanoTime() - start).as("ns until connected").isLessThan(PATIENCE);
            LockSupport.parkNanos(1_000_000);
        }
        var burst = new FrameBurst(32);
        for (int core = 0; core < queues(open.getLast()); core++) {
            assertThat(open.getLast().queue(core).receive(0, burst)).isZero();
        }
    }

    private static int queues(PacketIo io) {
        for (int core = 0; ; core++) {
            try {
                io.queue(core);
            } catch (IndexOutOfBoundsException _) {
                return core;
            }
        }
    }
}
