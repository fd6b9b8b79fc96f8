package dev.jmtcp.driver.dpdk;

import dev.jmtcp.spi.tck.PacketIoContractTest;
import dev.jmtcp.testsupport.Needs;
import dev.jmtcp.testsupport.ThreadNamespace;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of drivers, on devices that are interfaces of the kernel, in a network of their own. */
abstract class NamespaceContract extends PacketIoContractTest {

    private @Nullable ThreadNamespace namespace;

    @BeforeAll
    final void enterNamespace() throws IOException {
        Needs.netAdmin();
        Needs.command("ip", "iproute2");
        namespace = ThreadNamespace.enter();
        makeInterfaces();
    }

    /** Called in the network, before all tests. */
    abstract void makeInterfaces() throws IOException;

    @AfterAll
    final void leaveNamespace() throws Exception {
        closeSharedLink();
        if (namespace != null) {
            namespace.close();
        }
    }
}
