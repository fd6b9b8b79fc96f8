package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;
import java.util.Map;

class ValePeersContractTest extends NetmapContract {

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.peers(new NetmapProvider(), PortConfig.of("vale1:near"), PortConfig.of("vale1:far"))
                .options(Map.of("slots", "200"))
                .whenFull(DriverFixture.WhenFull.DROPS);
    }
}
