package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;

/** The wire within a process, between two drivers. */
class WireContractTest extends PacketIoContractTest {

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.peers(new PcapSimProvider(), PortConfig.of("a"), PortConfig.of("b"))
                .queues(3)
                .framesInFlight(1024);
    }
}
