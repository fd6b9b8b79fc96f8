package dev.jmtcp.core.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counters of one stack. Written by the stack's own thread; read by any thread, which may see a value a moment late but
 * never a torn one.
 */
@SuppressWarnings("EnumOrdinal") // an index, as fast as a field
public final class Counters {

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] values = new long[Counter.COUNT];

    /** Adds one. */
    public void add(Counter counter) {
        add(counter, 1);
    }

    /** Adds an amount. */
    public void add(Counter counter, long amount) {
        int i = counter.ordinal();
        ELEMENT.setOpaque(values, i, values[i] + amount);
    }

    /** The value now; from any thread. */
    public long value(Counter counter) {
        return (long) ELEMENT.getOpaque(values, counter.ordinal());
    }
}
