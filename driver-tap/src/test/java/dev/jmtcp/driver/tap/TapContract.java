package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Probe;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import dev.jmtcp.testsupport.ThreadNamespace;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of drivers, on interfaces joined by a bridge of the kernel, in a network of their own. */
abstract class TapContract extends PacketIoContractTest {

    private @Nullable ThreadNamespace namespace;

    @BeforeAll
    final void enterNamespace() throws IOException {
        if (new TapProvider().probe() instanceof Probe.Usable) {
            namespace = ThreadNamespace.enter();
            ThreadNamespace.run("ip link add name bridge0 type bridge");
            ThreadNamespace.run("ip link set dev bridge0 up");
        }
    }

    @AfterAll
    final void leaveNamespace() throws Exception {
        closeSharedLink();
        if (namespace != null) {
            namespace.close();
        }
    }

    static DriverFixture connected(Map<String, String> options) {
        return joined(DriverFixture.connected(new TapProvider(), PortConfig.of("near"), PortConfig.of("far")), options);
    }

    static DriverFixture peers(Map<String, String> options) {
        return joined(DriverFixture.peers(new TapProvider(), PortConfig.of("near"), PortConfig.of("far")), options);
    }

    private static DriverFixture joined(DriverFixture fixture, Map<String, String> options) {
        return fixture.options(options)
                .queues(2)
                .whenFull(DriverFixture.WhenFull.DROPS_AND_COUNTS)
                .afterOpen(TapContract::join);
    }

    private static void join(List<PacketIo> open) throws IOException {
        for (PacketIo io : open) {
            for (var port : io.ports()) {
                ThreadNamespace.run("ip link set dev " + port.name() + " master bridge0");
            }
        }
    }
}
