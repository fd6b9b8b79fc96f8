package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The wire in a file. Its processes are one here; see ProcessesTest for several. */
class FileWireContractTest extends PacketIoContractTest {

    @TempDir
    static Path directory;

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.peers(new PcapSimProvider(), PortConfig.of("a"), PortConfig.of("b"))
                .options(Map.of("file", directory.resolve("wire").toString()))
                .queues(2)
                .framesInFlight(1024);
    }
}
