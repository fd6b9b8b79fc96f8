package dev.jmtcp.core.driver;

import dev.jmtcp.driver.sim.PcapSimProvider;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Probe;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** A driver that is recorded keeps the contract of a driver, also that of allocating nothing. */
class RecordingContractTest extends PacketIoContractTest {

    @TempDir
    static Path directory;

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.peers(new RecordingProvider(), PortConfig.of("a"), PortConfig.of("b"))
                .queues(2)
                .framesInFlight(1024);
    }

    /** Not a test here: a decorator is no service. */
    @Override
    public void provider_isFoundAsAService() {}

    private static final class RecordingProvider implements PacketIoProvider {

        private final PcapSimProvider provider = new PcapSimProvider();
        private int count;

        @Override
        public String name() {
            return provider.name();
        }

        @Override
        public String description() {
            return provider.description();
        }

        @Override
        public Probe probe() {
            return provider.probe();
        }

        @Override
        public List<DriverOption> options() {
            return provider.options();
        }

        @Override
        public List<DriverOption> portOptions() {
            return provider.portOptions();
        }

        @Override
        public PacketIo open(DriverConfig config) throws PacketIoException {
            PacketIo io = provider.open(config);
            try {
                return new RecordingPacketIo(
                        io, config.queues(), directory.resolve(count++ + ".pcapng"), config.clock());
            } catch (IOException e) {
                throw new PacketIoException("no recording", e);
            }
        }
    }
}
