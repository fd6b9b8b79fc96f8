package dev.jmtcp.core.driver;

import dev.jmtcp.core.config.FaultConfig;
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
import java.util.List;

/** A driver behind the fault injector keeps the contract of a driver while no fault happens, also that of allocating nothing. */
class FaultyContractTest extends PacketIoContractTest {

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.peers(new FaultyProvider(), PortConfig.of("a"), PortConfig.of("b"))
                .queues(2)
                .framesInFlight(1024);
    }

    /** Not a test here: a decorator is no service. */
    @Override
    public void provider_isFoundAsAService() {}

    private static final class FaultyProvider implements PacketIoProvider {

        private final PcapSimProvider provider = new PcapSimProvider();

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
            return new FaultyPacketIo(provider.open(config), config.queues(), FaultConfig.NONE, 1, config.clock());
        }
    }
}
