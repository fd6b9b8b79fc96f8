package dev.jmtcp.interop;

import org.junit.jupiter.api.Nested;

/** What is run over drivers of DPDK: connections and web traffic. What concerns the stack alone is {@link InteropTest}'s. */
abstract class DpdkInteropTest {

    private final Wire wire;

    DpdkInteropTest(DpdkWire.Device device) {
        wire = new DpdkWire(device);
    }

    @Nested
    class Connections extends ConnectionTests {
        Connections() {
            super(wire, Conditions.CLEAN);
        }
    }

    @Nested
    class Http extends HttpTests {
        Http() {
            super(wire, Conditions.CLEAN);
        }
    }

    @Nested
    class HttpAtOnePercentLoss extends HttpTests {
        HttpAtOnePercentLoss() {
            super(wire, Conditions.LOSS_1);
        }
    }
}
