package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;

class ValeContractTest extends NetmapContract {

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.connected(
                        new NetmapProvider(), PortConfig.of("vale0:near"), PortConfig.of("netmap:vale0:far"))
                .whenFull(DriverFixture.WhenFull.DROPS);
    }
}
