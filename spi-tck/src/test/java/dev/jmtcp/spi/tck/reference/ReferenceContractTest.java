package dev.jmtcp.spi.tck.reference;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import dev.jmtcp.spi.tck.TestClock;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** A driver that keeps the contract passes, whatever its ends, rings, clock and wire are like. */
class ReferenceContractTest {

    private static DriverFixture connected(String wire) {
        return DriverFixture.connected(new ReferenceProvider(), PortConfig.of(wire + ":a"), PortConfig.of(wire + ":b"));
    }

    @Nested
    class TwoPortsOfOneDriver extends PacketIoContractTest {
        @Override
        protected DriverFixture fixture() {
            return connected("two-ports").queues(4);
        }
    }

    @Nested
    class TwoDrivers extends PacketIoContractTest {
        @Override
        protected DriverFixture fixture() {
            return DriverFixture.peers(
                            new ReferenceProvider(), PortConfig.of("two-drivers:a"), PortConfig.of("two-drivers:b"))
                    .options(Map.of("ring", "128"))
                    .peerOptions(Map.of("ring", "512"))
                    .queues(2);
        }
    }

    @Nested
    class VirtualTime extends PacketIoContractTest {
        @Override
        protected DriverFixture fixture() {
            return connected("virtual-time")
                    .options(Map.of("latency", "300us", "rest", "off"))
                    .clock(TestClock.virtual())
                    .queues(3);
        }
    }

    @Nested
    class TinyRings extends PacketIoContractTest {
        @Override
        protected DriverFixture fixture() {
            return connected("tiny-rings").options(Map.of("ring", "16")).framesInFlight(16);
        }
    }

    @Nested
    class ReceiverDropsAndCounts extends PacketIoContractTest {
        @Override
        protected DriverFixture fixture() {
            return connected("drops-and-counts")
                    .options(Map.of("overflow", "drop", "ring", "64"))
                    .whenFull(DriverFixture.WhenFull.DROPS_AND_COUNTS)
                    .framesInFlight(60)
                    .queues(2);
        }
    }

    @Nested
    class DropsUnseen extends PacketIoContractTest {
        @Override
        protected DriverFixture fixture() {
            return DriverFixture.connected(
                            new ReferenceProvider(Defect.DROPS_SILENTLY_WHEN_FULL),
                            PortConfig.of("drops-unseen:a"),
                            PortConfig.of("drops-unseen:b"))
                    .whenFull(DriverFixture.WhenFull.DROPS);
        }
    }

    @Nested
    class PaddedAmongForeignFrames extends PacketIoContractTest {
        @Override
        protected DriverFixture fixture() {
            return connected("foreign-frames")
                    .options(Map.of("chatter", "on", "pad", "on", "offload", "off"))
                    .queues(2);
        }
    }

    @Nested
    class SharedLink extends PacketIoContractTest {
        @Override
        protected DriverFixture fixture() {
            return connected("shared-link").keepsLinkOpen();
        }
    }
}
