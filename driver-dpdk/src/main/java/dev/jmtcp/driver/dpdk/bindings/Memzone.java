package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Memory that processes of DPDK share by a name: struct rte_memzone. For any thread.
 *
 * @param zone the struct's address
 * @param address where it begins
 * @param length its bytes
 */
public record Memzone(long zone, long address, long length) {

    static final int SIZE = 72;
    static final int ADDRESS = 40;
    static final int LENGTH = 48;

    private static final MethodHandle LOOKUP =
            Dpdk.function("rte_memzone_lookup", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    private static final MethodHandle RESERVE = Dpdk.function(
            "rte_memzone_reserve_aligned",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle FREE =
            Dpdk.function("rte_memzone_free", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

    /**
     * Takes memory in one piece, which other processes may find by the name.
     *
     * @param name at most 31 characters, of no other memory
     * @param socket the NUMA node; −1 for any
     * @param alignment a power of two
     * @return null if there is none, as DPDK's errno says
     */
    static @Nullable Memzone reserve(String name, long length, int socket, int alignment) {
        try (Arena arena = Arena.ofConfined()) {
            long zone = (long) RESERVE.invokeExact(arena.allocateFrom(name).address(), length, socket, 0, alignment);
            return zone == 0 ? null : of(zone);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    private static Memzone of(long zone) {
        return new Memzone(zone, Native.getLong(zone + ADDRESS), Native.getLong(zone + LENGTH));
    }

    /** Gives it back. */
    void free() {
        try {
            int _ = (int) FREE.invokeExact(zone);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    /** The memory of a name. */
    public static Memzone lookup(String name) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long zone = (long) LOOKUP.invokeExact(arena.allocateFrom(name).address());
            if (zone != 0) {
                return of(zone);
            }
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
        throw new DpdkException("there is no memory named " + name);
    }
}
