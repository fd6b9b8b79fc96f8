package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;

/** On the stand-in's two cards, of two pairs of rings each. */
class CardContractTest extends NetmapContract {

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.connected(new NetmapProvider(), PortConfig.of("nic0"), PortConfig.of("netmap:nic1"))
                .queues(2)
                .whenFull(DriverFixture.WhenFull.DROPS);
    }
}
