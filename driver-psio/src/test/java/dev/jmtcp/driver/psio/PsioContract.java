package dev.jmtcp.driver.psio;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of drivers, on two cards of the stand-in joined by a wire. */
abstract class PsioContract extends PacketIoContractTest {

    private final int queues;
    private @Nullable StandIn standIn;

    /** @param queues the receive queues of each card */
    PsioContract(int queues) {
        this.queues = queues;
    }

    @BeforeAll
    final void load() throws IOException {
        standIn = StandIn.withQueues(queues);
        prepare(standIn);
    }

    /** What to change about the cards. */
    void prepare(StandIn cards) {}

    @AfterAll
    final void unload() throws Exception {
        closeSharedLink();
        if (standIn != null) {
            standIn.close();
        }
    }

    static DriverFixture common(DriverFixture fixture) {
        return fixture.whenFull(DriverFixture.WhenFull.DROPS_AND_COUNTS);
    }

    static DriverFixture peers() {
        return common(DriverFixture.peers(new PsioProvider(), PortConfig.of("xge0"), PortConfig.of("xge1")));
    }

    static DriverFixture connected() {
        return common(DriverFixture.connected(new PsioProvider(), PortConfig.of("xge0"), PortConfig.of("xge1")));
    }
}
