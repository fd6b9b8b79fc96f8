package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A thread's hand in a pool: takes buffers from the thread's cache and puts them back there, as DPDK's inline functions do, which are not to be called; only
 * what the cache lacks or has too much comes from the pool itself. Belongs to the thread that made it; allocates nothing. Layout of struct rte_mempool_cache:
 *
 * <pre>
 *  0      4              8     64
 *  +------+--------------+-----+-----------+
 *  | size | flush thresh.| len | objects … |
 *  +------+--------------+-----+-----------+
 * </pre>
 */
public final class MbufCache {

    static final int SIZE = 0;
    static final int FLUSH_THRESHOLD = 4;
    static final int LENGTH = 8;
    static final int OBJECTS = 64;
    static final int STRIDE = OBJECTS + 2 * Mempool.MOST_CACHED * Long.BYTES;

    private static final int FEW = 8;

    private static final MethodHandle FREE_BULK = Dpdk.function(
            "rte_pktmbuf_free_bulk", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT), Linker.Option.critical(false));
    private static final MethodHandle CREATE =
            Dpdk.function("rte_mempool_cache_create", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle FREE =
            Dpdk.function("rte_mempool_cache_free", FunctionDescriptor.ofVoid(JAVA_LONG));

    private final long pool;
    private final MemorySegment enqueue;
    private final MemorySegment dequeue;
    private final MemorySegment inPool;
    private final long cache;
    private final boolean own;

    private MbufCache(Mempool pool, long cache, boolean own) {
        this.pool = pool.address();
        this.cache = cache;
        this.own = own;
        enqueue = pool.operation(MempoolOps.ENQUEUE);
        dequeue = pool.operation(MempoolOps.DEQUEUE);
        inPool = pool.operation(MempoolOps.COUNT);
    }

    /**
     * The calling thread's hand in a pool that has caches.
     *
     * @param lcore the thread's number ({@link Lcore#register}); {@link Lcore#NONE} for a cache that DPDK's own functions do not know of
     */
    public static MbufCache of(Mempool pool, int lcore) {
        if (lcore != Lcore.NONE) {
            long caches = Native.getLong(pool.address() + Mempool.LOCAL_CACHE);
            return new MbufCache(pool, caches + (long) lcore * STRIDE, false);
        }
        return own(pool, pool.cacheSize());
    }

    /**
     * A hand in a pool with a cache that DPDK's own functions do not know of, for one thread at a time.
     *
     * @param size the buffers it keeps, half as many more at times; at most {@link Mempool#MOST_CACHED}
     */
    public static MbufCache own(Mempool pool, int size) {
        try {
            long cache = (long) CREATE.invokeExact(size, -1);
            if (cache == 0) {
                throw new OutOfMemoryError("no memory for a cache of packet buffers");
            }
            return new MbufCache(pool, cache, true);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    /** Takes a buffer; 0 if the pool is exhausted. */
    public long take() {
        int length = Native.getInt(cache + LENGTH);
        if (length == 0) {
            length = refill();
            if (length == 0) {
                return 0;
            }
        }
        Native.setInt(cache + LENGTH, length - 1);
        return Native.getLong(cache + OBJECTS + (length - 1L) * Long.BYTES);
    }

    /**
     * Takes so many buffers, or none.
     *
     * @param array where their addresses go
     * @param count at most the cache's size
     * @return whether there were enough
     */
    public boolean take(long array, int count) {
        int length = Native.getInt(cache + LENGTH);
        if (length < count) {
            length = refill();
            if (length < count) {
                return false;
            }
        }
        int left = length - count;
        Native.setInt(cache + LENGTH, left);
        MemorySegment.copy(
                Native.MEMORY,
                cache + OBJECTS + (long) left * Long.BYTES,
                Native.MEMORY,
                array,
                (long) count * Long.BYTES);
        return true;
    }

    /** Whether a driver that wants so many at once would get none. */
    public boolean lacks(int count) {
        return Native.getInt(cache + LENGTH) < count && MempoolOps.count(inPool, pool) < count;
    }

    /** Puts a buffer back that {@link #take} gave and that went nowhere since. */
    public void putBack(long mbuf) {
        int length = room(1);
        Native.setLong(cache + OBJECTS + (long) length * Long.BYTES, mbuf);
        Native.setInt(cache + LENGTH, length + 1);
    }

    /** Gives buffers back, of any pool and in any state, each the first of its frame. */
    public void give(long array, int count) {
        int length = room(count);
        if (length < 0) {
            freeBulk(array, count);
            return;
        }
        long at = cache + OBJECTS + (long) length * Long.BYTES;
        int foreign = 0;
        for (int i = 0; i < count; i++) {
            long mbuf = Native.getLong(array + (long) i * Long.BYTES);
            if (Mbuf.isPlain(mbuf) && Native.getLong(mbuf + Mbuf.POOL) == pool) {
                Native.setLong(at, mbuf);
                at += Long.BYTES;
            } else {
                Native.setLong(array + (long) foreign * Long.BYTES, mbuf);
                foreign++;
            }
        }
        Native.setInt(cache + LENGTH, length + count - foreign);
        if (foreign > 0) {
            freeBulk(array, foreign);
        }
    }

    /** Gives up a cache of its own; that of a thread stays for the thread. */
    public void close() {
        if (own) {
            int length = Native.getInt(cache + LENGTH);
            if (length > 0) {
                MempoolOps.call(enqueue, pool, cache + OBJECTS, length);
            }
            try {
                FREE.invokeExact(cache);
            } catch (Throwable e) {
                throw Native.unexpected(e);
            }
        }
    }

    /** Makes room for so many; the cache's length then, or −1 if it never has room for so many. */
    private int room(int count) {
        int length = Native.getInt(cache + LENGTH);
        int threshold = Native.getInt(cache + FLUSH_THRESHOLD);
        if (length + count <= threshold) {
            return length;
        }
        if (count > threshold) {
            return -1;
        }
        MempoolOps.call(enqueue, pool, cache + OBJECTS, length);
        Native.setInt(cache + LENGTH, 0);
        return 0;
    }

    /** Fills the cache up from the pool, by fewer where there are not enough; its length then. */
    private int refill() {
        int length = Native.getInt(cache + LENGTH);
        for (int wanted = Native.getInt(cache + SIZE); wanted > 0; wanted = wanted > FEW ? wanted / 4 : wanted - 1) {
            if (length + wanted <= 2 * Mempool.MOST_CACHED
                    && MempoolOps.call(dequeue, pool, cache + OBJECTS + (long) length * Long.BYTES, wanted) == 0) {
                Native.setInt(cache + LENGTH, length + wanted);
                return length + wanted;
            }
        }
        return length;
    }

    private static void freeBulk(long array, int count) {
        try {
            FREE_BULK.invokeExact(array, count);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }
}
