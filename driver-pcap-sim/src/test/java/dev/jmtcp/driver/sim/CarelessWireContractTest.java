package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import java.util.Map;

/** A wire without flow control: a receiver whose ring is full loses frames and counts them. */
class CarelessWireContractTest extends PacketIoContractTest {

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.peers(new PcapSimProvider(), PortConfig.of("a"), PortConfig.of("b"))
                .options(Map.of("flow-control", "off"))
                .whenFull(DriverFixture.WhenFull.DROPS_AND_COUNTS)
                .framesInFlight(512);
    }
}
