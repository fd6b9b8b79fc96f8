package dev.jmtcp.interop;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/** Tests on networks of one kind of wire, under some conditions. */
abstract class Suite {

    private final Wire wire;
    final Conditions conditions;
    private int seed;

    Suite(Wire wire, Conditions conditions) {
        this.wire = wire;
        this.conditions = conditions;
    }

    /** Each test has its own faults, the same every time. */
    @BeforeEach
    final void chooseSeed(TestInfo test) {
        seed = test.getTestMethod().map(method -> method.getName().hashCode()).orElse(0)
                + test.getDisplayName().hashCode();
    }

    /** An ordinary network under these conditions. */
    final Network.Setup setup() {
        return Network.Setup.of(wire).with(conditions.lines(seed));
    }
}
