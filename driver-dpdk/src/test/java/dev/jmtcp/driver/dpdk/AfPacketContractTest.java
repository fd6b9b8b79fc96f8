package dev.jmtcp.driver.dpdk;

import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.testsupport.ThreadNamespace;
import java.io.IOException;
import java.util.Map;

/** On packet sockets of the kernel, at the two ends of a veth pair. */
class AfPacketContractTest extends NamespaceContract {

    @Override
    void makeInterfaces() throws IOException {
        ThreadNamespace.makePair("veth0", "veth1");
    }

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.connected(
                        new DpdkProvider(),
                        Configs.port("near", device("net_af_packet0", "veth0")),
                        Configs.port("far", device("net_af_packet1", "veth1")))
                .options(Map.of())
                .keepsLinkOpen()
                .whenFull(DriverFixture.WhenFull.DROPS);
    }

    private static String device(String name, String device) {
        return name + ",iface=" + device + ",blocksz=4096,framesz=2048,framecnt=512,qdisc_bypass=1";
    }
}
