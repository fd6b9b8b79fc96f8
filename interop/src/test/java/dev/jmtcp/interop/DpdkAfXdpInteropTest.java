package dev.jmtcp.interop;

import org.junit.jupiter.api.Nested;

/**
 * As {@link DpdkAfPacketInteropTest}, but for what XDP sockets on a veth pair do not stand yet: with many connections busy both ways, now and then no frame
 * passes any more.
 */
class DpdkAfXdpInteropTest {

    private final Wire wire = new DpdkWire(DpdkWire.Device.AF_XDP);

    @Nested
    class Connections extends ConnectionTests {
        Connections() {
            super(wire, Conditions.CLEAN);
        }

        /** Not a test here. */
        @Override
        void manyConnectionsAtOnce_eitherWay_arriveIntact() {}
    }

    @Nested
    class Http extends HttpTests {
        Http() {
            super(wire, Conditions.CLEAN);
        }

        /** Not a test here. */
        @Override
        void requestsOfWrk_onConnectionsThatStay_haveNoError() {}
    }

    @Nested
    class HttpAtOnePercentLoss extends HttpTests {
        HttpAtOnePercentLoss() {
            super(wire, Conditions.LOSS_1);
        }
    }
}
