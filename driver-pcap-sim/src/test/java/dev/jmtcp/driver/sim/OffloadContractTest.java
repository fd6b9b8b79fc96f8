package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import java.util.Map;

/** Ports that do all a device can do. */
class OffloadContractTest extends PacketIoContractTest {

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.peers(new PcapSimProvider(), PortConfig.of("a"), PortConfig.of("b"))
                .options(Map.of("offload", "all"))
                .queues(2)
                .framesInFlight(512);
    }
}
