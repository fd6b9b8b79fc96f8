package dev.jmtcp.driver.dpdk;

import dev.jmtcp.driver.dpdk.bindings.Dpdk;
import dev.jmtcp.driver.dpdk.bindings.DpdkException;
import dev.jmtcp.spi.Probe;
import java.util.Locale;

/** Whether DPDK can run on this machine. Looks, and changes nothing. */
final class Machine {

    private Machine() {}

    static Probe probe() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            return new Probe.Unusable(
                    "this driver knows DPDK on Linux on x86-64 only", "take another driver: io = pcap-sim");
        }
        DpdkException missing = Dpdk.missing();
        if (missing != null) {
            return new Probe.Unusable(missing.problem(), Dpdk.INSTALL);
        }
        return new Probe.Usable("DPDK is installed; "
                + (Hugepages.free() == 0
                        ? "no hugepages are free: normal pages are used"
                        : (Hugepages.free() >> 20) + " MB of hugepages are free"));
    }
}
