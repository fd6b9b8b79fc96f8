package dev.jmtcp.apps.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.driver.sim.Impairments;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoAllocationTest {

    /** By then every record of a connection is one that was used before: local ports come round, and TIME-WAIT ends early (RFC 6191). */
    private static final int WARM = 70_000;

    private static final int WINDOW = 4_000;
    private static final int WINDOWS = 4;

    private final Object threads;
    private final Method allocated;
    private long windowStart = WARM;
    private long allocatedBefore;
    private double least = Double.MAX_VALUE;

    DemoAllocationTest() throws ReflectiveOperationException {
        // By reflection, since the applications have no need of java.management.
        threads = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        allocated = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
    }

    @Test
    void transactions_onceWarm_allocateNothing() throws IOException {
        var plan = new DemoPlan(
                WARM + WINDOWS * WINDOW, 64, 1024, 1, Impairments.NONE, Optional.empty(), 0, Long.MAX_VALUE, false);

        DemoResult result = new Demo(plan, (counters, _) -> look(counters.completes())).run();

        assertThat(result.failures()).isEmpty();
        // The least, since a compiler may still be at work in one window or another.
        assertThat(least).as("bytes a connection, both sides together").isLessThan(1);
    }

    private void look(long completes) {
        if (completes < windowStart) {
            return;
        }
        long now = allocated();
        if (allocatedBefore != 0) {
            least = Math.min(least, (now - allocatedBefore) / (double) WINDOW);
        }
        allocatedBefore = allocated();
        windowStart = completes + WINDOW;
    }

    private long allocated() {
        try {
            return (long) allocated.invoke(threads);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot measure allocation", e);
        }
    }
}
