package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pool of packet buffers, or of other elements of one size: struct rte_mempool. For any thread. */
public final class Mempool {

    static final int SIZE = 192;
    static final int POOL_DATA = 32;
    static final int CAPACITY = 64;
    static final int CACHE_SIZE = 68;
    static final int ELEMENT_SIZE = 72;
    static final int OPS_INDEX = 88;
    static final int LOCAL_CACHE = 96;
    static final int MEMORY_LIST = 136;

    static final int CHUNK_NEXT = 0;
    static final int CHUNK_ADDRESS = 16;
    static final int CHUNK_LENGTH = 32;

    /** RTE_MEMPOOL_CACHE_MAX_SIZE. */
    public static final int MOST_CACHED = 512;

    /** The bytes of a buffer that is a page, {@link Mbuf#HEADROOM} included. */
    public static final int PAGE_ROOM = PagePool.PAGE - PagePool.HEADER - Mbuf.SIZE;

    private static final MethodHandle CREATE = Dpdk.function(
            "rte_pktmbuf_pool_create",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_SHORT, JAVA_SHORT, JAVA_INT));
    private static final MethodHandle FREE = Dpdk.function("rte_mempool_free", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle LOOKUP =
            Dpdk.function("rte_mempool_lookup", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle AVAILABLE =
            Dpdk.function("rte_mempool_avail_count", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

    private final long address;

    /** Memory of the buffers that is not the pool's own. */
    private final @Nullable Memzone pages;

    private Mempool(long address, @Nullable Memzone pages) {
        this.address = address;
        this.pages = pages;
    }

    /**
     * Makes a pool.
     *
     * @param name at most 25 characters, of no other pool
     * @param count how many buffers, best a power of two less one
     * @param cacheSize how many of them threads keep for themselves, each, in turn; at most {@link #MOST_CACHED}
     * @param room bytes of each buffer, {@link Mbuf#HEADROOM} included
     * @param socket the NUMA node; −1 for any
     */
    public static Mempool create(String name, int count, int cacheSize, int room, int socket) throws DpdkException {
        EalLog log = EalLog.instance();
        long before = log.mark();
        try (Arena arena = Arena.ofConfined()) {
            long pool = (long) CREATE.invokeExact(
                    arena.allocateFrom(name).address(), count, cacheSize, (short) 0, (short) room, socket);
            if (pool != 0) {
                return new Mempool(pool, null);
            }
            throw none(count, room, Dpdk.errno(), log.since(before));
        } catch (DpdkException e) {
            throw e;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    /**
     * Makes a pool of {@link #PAGE_ROOM} bytes a buffer, as sockets of XDP need it: {@link PagePool}.
     *
     * @param name at most 25 characters, of no other pool
     * @param count how many buffers
     * @param cacheSize as of {@link #create}
     * @param socket the NUMA node; −1 for any
     */
    public static Mempool ofPages(String name, int count, int cacheSize, int socket) throws DpdkException {
        EalLog log = EalLog.instance();
        long before = log.mark();
        long pool = PagePool.create(name, count, cacheSize, socket);
        if (pool == 0) {
            throw none(count, PAGE_ROOM, Dpdk.errno(), log.since(before));
        }
        Memzone pages = Memzone.reserve(name + "_mem", (long) count * PagePool.PAGE, socket, PagePool.PAGE);
        int error = pages == null ? Dpdk.errno() : PagePool.fill(pool, pages);
        var made = new Mempool(pool, pages);
        if (error != 0) {
            made.free();
            throw none(count, PAGE_ROOM, error, log.since(before));
        }
        return made;
    }

    private static DpdkException none(int count, int room, int errno, List<String> log) {
        var problem = new StringBuilder(
                "no memory pool of " + count + " buffers of " + room + " bytes: " + Dpdk.errorText(errno));
        log.forEach(line -> problem.append("; ").append(line));
        return new DpdkException(problem.toString(), Math.abs(errno));
    }

    /** A pool that another process or part has made. */
    public static Mempool lookup(String name) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long pool = (long) LOOKUP.invokeExact(arena.allocateFrom(name).address());
            if (pool == 0) {
                throw new DpdkException("there is no pool named " + name);
            }
            return new Mempool(pool, null);
        } catch (DpdkException e) {
            throw e;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    public long address() {
        return address;
    }

    /** The buffers it was made with. */
    public int capacity() {
        return Native.getInt(address + CAPACITY);
    }

    public int cacheSize() {
        return Native.getInt(address + CACHE_SIZE);
    }

    /** Bytes of an element; of a packet buffer with its struct rte_mbuf. */
    public int elementSize() {
        return Native.getInt(address + ELEMENT_SIZE);
    }

    /** Takes an element out of a pool of whatever, past the threads' caches; 0 if there is none. */
    public long take() {
        try (Arena arena = Arena.ofConfined()) {
            long array = arena.allocate(JAVA_LONG).address();
            return MempoolOps.call(operation(MempoolOps.DEQUEUE), address, array, 1) == 0 ? Native.getLong(array) : 0;
        }
    }

    /** Puts an element back that somebody has taken. */
    public void put(long element) {
        try (Arena arena = Arena.ofConfined()) {
            long array = arena.allocateFrom(JAVA_LONG, element).address();
            MempoolOps.call(operation(MempoolOps.ENQUEUE), address, array, 1);
        }
    }

    /** The buffers that are free, those in caches included; exact only while nobody uses the pool. */
    public int available() {
        try {
            return (int) AVAILABLE.invokeExact(address);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    /** Where its memory begins. */
    public long lowest() {
        long lowest = Long.MAX_VALUE;
        for (long chunk = firstChunk(); chunk != 0; chunk = Native.getLong(chunk + CHUNK_NEXT)) {
            lowest = Math.min(lowest, Native.getLong(chunk + CHUNK_ADDRESS));
        }
        return lowest;
    }

    /** Where its memory ends. */
    public long highest() {
        long highest = 0;
        for (long chunk = firstChunk(); chunk != 0; chunk = Native.getLong(chunk + CHUNK_NEXT)) {
            highest = Math.max(highest, Native.getLong(chunk + CHUNK_ADDRESS) + Native.getLong(chunk + CHUNK_LENGTH));
        }
        return highest;
    }

    /** Gives it back; no buffer of it may be used any more, by anybody. */
    public void free() {
        try {
            FREE.invokeExact(address);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
        if (pages != null) {
            pages.free();
        }
    }

    /** An operation of this pool: {@link MempoolOps#ENQUEUE}, {@link MempoolOps#DEQUEUE} or {@link MempoolOps#COUNT}. */
    MemorySegment operation(int which) {
        return MemorySegment.ofAddress(Native.getLong(MempoolOps.of(address) + which));
    }

    private long firstChunk() {
        return Native.getLong(address + MEMORY_LIST);
    }
}
