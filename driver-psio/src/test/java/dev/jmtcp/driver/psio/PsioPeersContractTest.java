package dev.jmtcp.driver.psio;

import dev.jmtcp.spi.tck.DriverFixture;

/** A process each for the two cards' cores as far as the engine sees, and transmit rings that are small and slow. */
class PsioPeersContractTest extends PsioContract {

    PsioPeersContractTest() {
        super(1);
    }

    @Override
    void prepare(StandIn cards) {
        cards.transmitRings(300, 100);
    }

    @Override
    protected DriverFixture fixture() {
        return peers();
    }
}
