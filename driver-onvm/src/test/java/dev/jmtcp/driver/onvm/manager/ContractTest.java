package dev.jmtcp.driver.onvm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.driver.onvm.OnvmProvider;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of drivers, between two network functions that send to each other through the manager. */
class ContractTest extends PacketIoContractTest {

    private @Nullable Manager manager;

    @BeforeAll
    final void startManager() throws IOException {
        manager = Manager.start("period=2");
    }

    @AfterAll
    final void endManager() throws Exception {
        closeSharedLink();
        if (manager != null) {
            manager.close();
        }
    }

    @Override
    protected DriverFixture fixture() {
        DriverFixture fixture = DriverFixture.peers(new OnvmProvider(), Configs.PORT, Configs.PORT);
        Manager running = manager;
        return running == null ? fixture : through(running, fixture);
    }

    private static DriverFixture through(Manager running, DriverFixture fixture) {
        return fixture.options(Configs.options(running, "onvm_serv", "1", "onvm_dest", "2"))
                .peerOptions(Configs.options(running, "onvm_serv", "2", "onvm_dest", "1"))
                .queues(2)
                .whenFull(DriverFixture.WhenFull.DROPS_AND_COUNTS)
                .afterClose(_ -> assertNothingIsLeft(running));
    }

    private static void assertNothingIsLeft(Manager manager) throws IOException {
        State state = manager.await("all have gone", now -> now.functions().isEmpty());
        assertThat(state.buffers()).as("buffers in use").isZero();
        assertThat(state.messages()).as("messages in use").isZero();
        assertThat(state.lost()).as("packets to nowhere").isZero();
    }
}
