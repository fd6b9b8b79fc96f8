package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import java.util.Map;

/** Ports that fill in and check checksums. */
class ChecksumContractTest extends PacketIoContractTest {

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.peers(new PcapSimProvider(), PortConfig.of("a"), PortConfig.of("b"))
                .options(Map.of("offload", "checksum"))
                .queues(2)
                .framesInFlight(1024);
    }
}
