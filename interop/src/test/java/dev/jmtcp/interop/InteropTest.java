package dev.jmtcp.interop;

import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestClassOrder;

/** Everything that is run between the stack and this machine's kernel over one kind of wire. For each a class extends this. */
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
abstract class InteropTest {

    private final Wire wire;

    InteropTest(Wire wire) {
        this.wire = wire;
    }

    /** First, so that the others run while these wait. */
    @Nested
    @Order(1)
    class Lasting extends LastingTests {
        Lasting() {
            super(wire);
        }
    }

    @Nested
    class Connections extends ConnectionTests {
        Connections() {
            super(wire, Conditions.CLEAN);
        }
    }

    @Nested
    class ConnectionsAtOnePercentLoss extends ConnectionTests {
        ConnectionsAtOnePercentLoss() {
            super(wire, Conditions.LOSS_1);
        }
    }

    @Nested
    class ConnectionsAtFivePercentLoss extends ConnectionTests {
        ConnectionsAtFivePercentLoss() {
            super(wire, Conditions.LOSS_5);
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

    @Nested
    class HttpAtFivePercentLoss extends HttpTests {
        HttpAtFivePercentLoss() {
            super(wire, Conditions.LOSS_5);
        }
    }

    @Nested
    class Settings extends SettingsTests {
        Settings() {
            super(wire);
        }
    }

    @Nested
    class Captures extends CaptureTests {
        Captures() {
            super(wire, Conditions.CLEAN);
        }
    }

    @Nested
    class CapturesAtOnePercentLoss extends CaptureTests {
        CapturesAtOnePercentLoss() {
            super(wire, Conditions.LOSS_1);
        }
    }
}
