package dev.jmtcp.spi.tck;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The contract of a packet I/O driver, test by test. A driver's test class extends it and says how to open a link; a driver is done when
 * all pass. Tests of what a driver does not offer (several queues, offloads) hold it to refusing that. All are skipped but those that
 * need no device where {@link dev.jmtcp.spi.PacketIoProvider#probe()} says that the driver cannot run.
 *
 * <p>One instance runs all tests, in one thread that owns every queue, except where a test says otherwise.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
public abstract non-sealed class PacketIoContractTest
        implements ProviderContract,
                OpenContract,
                PortContract,
                ReceiveContract,
                OwnershipContract,
                TransmitContract,
                FullContract,
                AwaitContract,
                QueueContract,
                OffloadContract,
                StatisticsContract,
                CloseContract,
                AllocationContract {

    private @Nullable Bench bench;

    /** How to open a link. Called once, before the first test. */
    protected abstract DriverFixture fixture();

    @Override
    public final Bench bench() {
        Bench current = bench;
        if (current == null) {
            current = new Bench(fixture());
            bench = current;
        }
        return current;
    }

    /** Closes what the tests shared. */
    @AfterAll
    public final void closeSharedLink() throws Exception {
        bench().closeShared();
    }
}
