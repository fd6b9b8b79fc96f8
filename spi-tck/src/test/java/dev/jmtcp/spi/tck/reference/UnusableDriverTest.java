package dev.jmtcp.spi.tck.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Probe;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Where a driver cannot run, what needs a device is skipped, saying why, and the rest is tested. */
class UnusableDriverTest {

    /** A driver without its device. */
    private static final class Deviceless implements PacketIoProvider {
        @Override
        public String name() {
            return "deviceless";
        }

        @Override
        public String description() {
            return "Lacks its device";
        }

        @Override
        public Probe probe() {
            return new Probe.Unusable("no device", "buy one");
        }

        @Override
        public PacketIo open(DriverConfig config) {
            throw new AssertionError("opened, though it said that it cannot run");
        }
    }

    /** Not to be found by the test runner: nested and not an inner class. */
    static final class Contract extends PacketIoContractTest {
        @Override
        protected DriverFixture fixture() {
            return DriverFixture.looped(new Deviceless(), PortConfig.of("none"));
        }
    }

    @Test
    void contract_driverThatCannotRun_skipsWhatNeedsItSayingWhy() {
        Events events = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Contract.class))
                .execute()
                .testEvents();

        // The one failure: nobody can find this driver, which is private to its test.
        assertThat(events.failed().stream()
                        .map(event -> event.getTestDescriptor().getDisplayName()))
                .containsExactly("provider_isFoundAsAService()");
        assertThat(events.succeeded().stream()
                        .map(event -> event.getTestDescriptor().getDisplayName()))
                .containsExactlyInAnyOrder(
                        "name_isLowerCaseLettersDigitsAndDashes()",
                        "description_isOneLine()",
                        "probe_saysInOneLineWhetherAndWhyNot()",
                        "options_areDescribedInOneLineEachAndNamedOnce()");
        assertThat(events.aborted().stream()
                        .map(event -> event.getRequiredPayload(TestExecutionResult.class)
                                .getThrowable()
                                .orElseThrow()
                                .getMessage()))
                .hasSizeGreaterThan(60)
                .allMatch("driver deviceless cannot run here: no device; buy one"::equals);
    }
}
