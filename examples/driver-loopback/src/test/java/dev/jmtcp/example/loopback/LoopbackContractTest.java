package dev.jmtcp.example.loopback;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;

/** The loopback driver is a driver. */
class LoopbackContractTest extends PacketIoContractTest {

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.looped(new LoopbackProvider(), PortConfig.of("loop0"))
                .queues(4);
    }
}
