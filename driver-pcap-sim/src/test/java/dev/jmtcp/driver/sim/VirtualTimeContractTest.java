package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import dev.jmtcp.spi.tck.TestClock;
import java.util.Map;

/** A wire with delay in virtual time, both ports of one driver. */
class VirtualTimeContractTest extends PacketIoContractTest {

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.connected(new PcapSimProvider(), PortConfig.of("a"), PortConfig.of("b"))
                .options(Map.of("delay", "1ms"))
                .clock(TestClock.virtual())
                .queues(2)
                .framesInFlight(1024);
    }
}
