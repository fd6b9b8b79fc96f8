package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A queue of addresses that processes and threads share: struct rte_ring. DPDK exports no function that puts in or takes out; the operations of pools that
 * keep what is free in rings do just that, so a ring is made to look like what such a pool has. Any number of threads may put in, and any take out, but a
 * thread at a time uses one object of this class.
 */
public final class Ring {

    static final int SIZE_OF = 384;
    static final int FLAGS = 32;
    static final int SIZE = 48;
    static final int CAPACITY = 56;
    static final int PRODUCER_TAIL = 132;
    static final int CONSUMER_TAIL = 260;

    /** Of {@link #create}: one thread takes out. */
    public static final int SINGLE_CONSUMER = 2;

    private static final int SINGLE_PRODUCER = 1;

    private static final MethodHandle CREATE =
            Dpdk.function("rte_ring_create", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle LOOKUP =
            Dpdk.function("rte_ring_lookup", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FREE = Dpdk.function("rte_ring_free", FunctionDescriptor.ofVoid(JAVA_LONG));

    private final long ring;

    /** Of the size of a struct rte_mempool, with the ring where a pool has its own. */
    private final MemorySegment likeness = Arena.ofAuto().allocate(Mempool.SIZE, Long.BYTES);

    private final MemorySegment enqueue;
    private final MemorySegment dequeue;

    private Ring(long ring) {
        this.ring = ring;
        int flags = Native.getInt(ring + FLAGS);
        long ops = MempoolOps.named("ring_" + ((flags & SINGLE_PRODUCER) != 0 ? "sp" : "mp") + "_"
                + ((flags & SINGLE_CONSUMER) != 0 ? "sc" : "mc"));
        if (ops == 0) {
            throw new IllegalStateException("DPDK lacks librte_mempool_ring");
        }
        Native.setLong(likeness.address() + Mempool.POOL_DATA, ring);
        enqueue = MemorySegment.ofAddress(Native.getLong(ops + MempoolOps.ENQUEUE));
        dequeue = MemorySegment.ofAddress(Native.getLong(ops + MempoolOps.DEQUEUE));
    }

    /** @param size a power of two; the ring holds one less */
    public static Ring create(String name, int size, int flags) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long ring = (long) CREATE.invokeExact(arena.allocateFrom(name).address(), size, -1, flags);
            if (ring != 0) {
                return new Ring(ring);
            }
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
        throw new DpdkException("no ring " + name + ": " + Dpdk.errorText(Dpdk.errno()));
    }

    /** The ring of a name. */
    public static Ring lookup(String name) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long ring = (long) LOOKUP.invokeExact(arena.allocateFrom(name).address());
            if (ring != 0) {
                return new Ring(ring);
            }
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
        throw new DpdkException("there is no ring named " + name);
    }

    public long address() {
        return ring;
    }

    /** The most it holds. */
    public int capacity() {
        return Native.getInt(ring + CAPACITY);
    }

    /** What it holds now. */
    public int count() {
        return Native.getInt(ring + PRODUCER_TAIL) - Native.getInt(ring + CONSUMER_TAIL)
                & Native.getInt(ring + SIZE) - 1;
    }

    /** Puts all in, or nothing; whether there was room. */
    public boolean put(long array, int count) {
        return MempoolOps.call(enqueue, likeness.address(), array, count) == 0;
    }

    /** Takes out what is there, at most so many; how many. */
    public int take(long array, int most) {
        int wanted = Math.min(most, count());
        return wanted > 0 && MempoolOps.call(dequeue, likeness.address(), array, wanted) == 0 ? wanted : 0;
    }

    /** Gives back a ring made here. */
    public void free() {
        try {
            FREE.invokeExact(ring);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }
}
