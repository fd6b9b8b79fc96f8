package dev.jmtcp.driver.dpdk;

import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;

/** The contract of drivers, on a ring of DPDK that gives back what is sent. */
class RingContractTest extends PacketIoContractTest {

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.looped(new DpdkProvider(), Configs.port("near", "net_ring_near"));
    }
}
