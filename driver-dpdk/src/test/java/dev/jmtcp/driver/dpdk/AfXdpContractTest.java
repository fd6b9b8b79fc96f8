package dev.jmtcp.driver.dpdk;

import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.testsupport.ThreadNamespace;
import java.io.IOException;

/** On XDP sockets of the kernel, at the two ends of a veth pair. */
class AfXdpContractTest extends NamespaceContract {

    @Override
    void makeInterfaces() throws IOException {
        ThreadNamespace.makePair("veth0", "veth1");
    }

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.connected(
                        new DpdkProvider(),
                        Configs.port("near", "net_af_xdp0,iface=veth0,force_copy=1"),
                        Configs.port("far", "net_af_xdp1,iface=veth1,force_copy=1"))
                .keepsLinkOpen()
                .whenFull(DriverFixture.WhenFull.DROPS);
    }
}
