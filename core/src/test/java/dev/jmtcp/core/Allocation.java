package dev.jmtcp.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;

/** Checks that something allocates nothing once warm. */
public final class Allocation {

    /** At least what measuring itself allocates: the boxed result and the like. */
    private static final long OVERHEAD = 256;

    private static final Object BEAN;
    private static final Method ALLOCATED;

    static {
        try { // by reflection, since the module under test has no need of java.management
            BEAN = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            ALLOCATED = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot measure allocation", e);
        }
    }

    private Allocation() {}

    /** Does the action some times to warm up, and then until a run allocated nothing; fails if none of twenty does. */
    public static void assertNone(Runnable action) {
        for (int i = 0; i < 3; i++) {
            action.run();
        }
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20 && least > OVERHEAD; i++) {
            long before = allocated();
            action.run();
            least = Math.min(least, allocated() - before);
        }
        assertThat(least).as("bytes allocated").isLessThanOrEqualTo(OVERHEAD);
    }

    /** Bytes that this thread has allocated so far. */
    public static long allocated() {
        try {
            return (long) ALLOCATED.invoke(BEAN);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot measure allocation", e);
        }
    }
}
