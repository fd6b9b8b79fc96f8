package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.tck.DriverFixture;
import java.util.Map;

class TapPeersContractTest extends TapContract {

    @Override
    protected DriverFixture fixture() {
        return peers(Map.of("offload", "off"));
    }
}
