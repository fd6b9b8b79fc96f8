package dev.jmtcp.driver.dpdk;

import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.testsupport.ThreadNamespace;
import java.io.IOException;
import java.util.List;

/** On TAP interfaces that DPDK makes, joined by a bridge of the kernel. */
class TapContractTest extends NamespaceContract {

    @Override
    void makeInterfaces() throws IOException {
        ThreadNamespace.run("ip link add name bridge0 type bridge");
        ThreadNamespace.run("ip link set dev bridge0 up");
    }

    @Override
    protected DriverFixture fixture() {
        return DriverFixture.connected(
                        new DpdkProvider(),
                        Configs.port("near", "net_tap0,iface=near"),
                        Configs.port("far", "net_tap1,iface=far"))
                .keepsLinkOpen()
                .whenFull(DriverFixture.WhenFull.DROPS)
                .afterOpen(TapContractTest::join);
    }

    private static void join(List<PacketIo> open) throws IOException {
        for (PacketIo io : open) {
            for (var port : io.ports()) {
                // DPDK gives the kernel's side the port's own address, and a bridge would keep what is sent to that.
                ThreadNamespace.run(
                        "ip link set dev " + port.name() + " address 02:00:00:00:00:0" + (port.index() + 1));
                ThreadNamespace.run("ip link set dev " + port.name() + " master bridge0");
            }
        }
    }
}
