package dev.jmtcp.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number that one thread counts up and any thread may read, a moment late but never torn: what drivers make {@link PortStatistics} of.
 */
public final class Tally {

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Tally.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long value;

    /** Adds an amount. By the thread that counts. */
    public void add(long amount) {
        VALUE.setOpaque(this, value + amount);
    }

    /** The number now. From any thread. */
    public long value() {
        return (long) VALUE.getOpaque(this);
    }
}
