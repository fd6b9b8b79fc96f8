package dev.jmtcp.driver.psio;

import dev.jmtcp.spi.tck.DriverFixture;

/** Two queues, which one core takes both, or two cores one each. */
class PsioContractTest extends PsioContract {

    PsioContractTest() {
        super(2);
    }

    @Override
    protected DriverFixture fixture() {
        return connected().queues(2);
    }
}
