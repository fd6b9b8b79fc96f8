package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** Memory that all processes of a DPDK environment see at the same address, and any may free. Static, for any thread. */
public final class SharedHeap {

    private static final MethodHandle ALLOCATE =
            Dpdk.function("rte_zmalloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle FREE = Dpdk.function("rte_free", FunctionDescriptor.ofVoid(JAVA_LONG));

    private SharedHeap() {}

    /**
     * Takes memory, which is zero.
     *
     * @param purpose for DPDK's own records
     */
    public static long allocate(String purpose, long bytes) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long address =
                    (long) ALLOCATE.invokeExact(arena.allocateFrom(purpose).address(), bytes, 0);
            if (address != 0) {
                return address;
            }
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
        throw new DpdkException("no shared memory for " + purpose);
    }

    /** Gives memory back, whoever took it; 0 is none. */
    public static void free(long address) {
        try {
            FREE.invokeExact(address);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }
}
