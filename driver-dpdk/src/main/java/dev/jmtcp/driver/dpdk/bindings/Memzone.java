package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/**
 * Memory that processes of DPDK share by a name: struct rte_memzone. For any thread.
 *
 * @param address where it begins
 * @param length its bytes
 */
public record Memzone(long address, long length) {

    static final int SIZE = 72;
    static final int ADDRESS = 40;
    static final int LENGTH = 48;

    private static final MethodHandle LOOKUP =
            Dpdk.function("rte_memzone_lookup", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    /** The memory of a name. */
    public static Memzone lookup(String name) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long zone = (long) LOOKUP.invokeExact(arena.allocateFrom(name).address());
            if (zone != 0) {
                return new Memzone(Native.getLong(zone + ADDRESS), Native.getLong(zone + LENGTH));
            }
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
        throw new DpdkException("there is no memory named " + name);
    }
}
