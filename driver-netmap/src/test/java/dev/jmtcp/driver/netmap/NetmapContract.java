package dev.jmtcp.driver.netmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.tck.PacketIoContractTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of drivers; and what the module does not complain of, but takes amiss. */
abstract class NetmapContract extends PacketIoContractTest {

    private int reinitialised;
    private int touched;

    @BeforeAll
    final void countBefore() {
        StandIn.needed();
        reinitialised = StandIn.REINITIALISED.value();
        touched = StandIn.TOUCHED.value();
    }

    @AfterAll
    final void noRingWasOutOfRangeOrTouchedTooEarly() throws Exception {
        closeSharedLink();
        assertThat(StandIn.REINITIALISED.value()).as("rings set up anew").isEqualTo(reinitialised);
        assertThat(StandIn.TOUCHED.value()).as("slots touched").isEqualTo(touched);
    }
}
