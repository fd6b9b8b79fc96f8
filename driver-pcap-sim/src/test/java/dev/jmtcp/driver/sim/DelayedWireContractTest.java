package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import java.util.Map;

/** A wire with delay, jitter and limited bandwidth, in real time. */
class DelayedWireContractTest extends PacketIoContractTest {

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.peers(new PcapSimProvider(), PortConfig.of("a"), PortConfig.of("b"))
                .options(Map.of(
                        "delay", "20us", "jitter", "10us", "bandwidth", "10g", "queue", "100000", "frames", "4096"))
                .soak(20_000)
                .queues(2)
                .framesInFlight(1024);
    }
}
