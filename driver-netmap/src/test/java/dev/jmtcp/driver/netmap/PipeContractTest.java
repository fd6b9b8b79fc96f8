package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;

class PipeContractTest extends NetmapContract {

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.connected(new NetmapProvider(), PortConfig.of("contract{1"), PortConfig.of("contract}1"));
    }
}
