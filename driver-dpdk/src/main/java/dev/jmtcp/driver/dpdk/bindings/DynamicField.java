package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A field that some process has added to all packet buffers: struct rte_mbuf_dynfield, and where it lies. For any thread.
 *
 * @param offset where it lies in a buffer
 * @param size its bytes
 * @param alignment its alignment in bytes
 */
public record DynamicField(int offset, long size, long alignment) {

    static final int SIZE_OF = 88;
    static final int SIZE = 64;
    static final int ALIGNMENT = 72;

    private static final MethodHandle LOOKUP =
            Dpdk.function("rte_mbuf_dynfield_lookup", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

    /** The field of a name. */
    public static DynamicField lookup(String name) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment field = arena.allocate(SIZE_OF, Long.BYTES);
            int offset = (int) LOOKUP.invokeExact(arena.allocateFrom(name).address(), field.address());
            if (offset >= 0) {
                return new DynamicField(offset, field.get(JAVA_LONG, SIZE), field.get(JAVA_LONG, ALIGNMENT));
            }
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
        throw new DpdkException("packet buffers have no field named " + name);
    }
}
