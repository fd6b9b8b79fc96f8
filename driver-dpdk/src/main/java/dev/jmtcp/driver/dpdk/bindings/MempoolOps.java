package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** How pools keep what is free: the table of operations that a pool names one of. Static, for any thread; DPDK has to be loaded. */
public final class MempoolOps {

    static final int STRIDE = 128;
    static final int FIRST = 64;
    static final int NUMBER = 4;
    static final int NAME = 0;
    static final int ENQUEUE = 48;
    static final int DEQUEUE = 56;
    static final int COUNT = 64;
    static final int NAME_LENGTH = 32;

    private static final MethodHandle CALL = Dpdk.pointer(
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT), Linker.Option.critical(false));

    private static final MethodHandle CALL_COUNT =
            Dpdk.pointer(FunctionDescriptor.of(JAVA_INT, JAVA_LONG), Linker.Option.critical(false));

    private MempoolOps() {}

    /** The operations of a pool. */
    static long of(long mempool) {
        return entry(Native.getInt(mempool + Mempool.OPS_INDEX));
    }

    /** The operations of a name, like {@code ring_mp_mc}; 0 if there are none. */
    static long named(String name) {
        long table = Dpdk.symbol("rte_mempool_ops_table");
        for (int i = 0; i < Native.getInt(table + NUMBER); i++) {
            if (Native.text(entry(i) + NAME, NAME_LENGTH).equals(name)) {
                return entry(i);
            }
        }
        return 0;
    }

    private static long entry(int index) {
        return Dpdk.symbol("rte_mempool_ops_table") + FIRST + (long) index * STRIDE;
    }

    /**
     * Calls an operation of a pool that makes no system call.
     *
     * @param function what is at {@link #ENQUEUE} or {@link #DEQUEUE}
     * @param objects the address of an array of addresses
     * @return 0, or a negative error: then nothing was moved
     */
    static int call(java.lang.foreign.MemorySegment function, long mempool, long objects, int count) {
        try {
            return (int) CALL.invokeExact(function, mempool, objects, count);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    /** How many objects a pool has, without those in caches, by what is at its {@link #COUNT}. */
    static int count(java.lang.foreign.MemorySegment function, long mempool) {
        try {
            return (int) CALL_COUNT.invokeExact(function, mempool);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }
}
