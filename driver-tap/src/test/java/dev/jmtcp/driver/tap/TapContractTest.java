package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.tck.DriverFixture;
import java.util.Map;

class TapContractTest extends TapContract {

    @Override
    protected DriverFixture fixture() {
        return connected(Map.of());
    }
}
