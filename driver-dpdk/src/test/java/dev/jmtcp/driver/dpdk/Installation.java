package dev.jmtcp.driver.dpdk;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jmtcp.spi.Probe;

/** For tests that need DPDK. */
final class Installation {

    private Installation() {}

    static void need() {
        if (new DpdkProvider().probe() instanceof Probe.Unusable(String reason, String remedy)) {
            assumeTrue(false, reason + ": " + remedy);
        }
    }
}
