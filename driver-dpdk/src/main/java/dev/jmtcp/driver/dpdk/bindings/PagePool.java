package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/**
 * Makes pools whose buffers are pages, one behind the other without a gap, as sockets of XDP need them. DPDK's net_af_xdp tells the kernel that the pool's
 * memory begins with its first buffer and is as long as all of them together. Where a pool has room between buffers, so that none lies across a boundary of
 * pages, its last ones are beyond that: each of these that gets to the kernel is lost there, with its place in the rings, until no frame passes any more. A buffer
 * with what is around it:
 *
 * <pre>
 *  0                     64         192                                     4096
 *  +---------------------+----------+-----------------------------------------+
 *  | rte_mempool_objhdr  | rte_mbuf | headroom and frame                      |
 *  +---------------------+----------+-----------------------------------------+
 * </pre>
 */
final class PagePool {

    static final int PAGE = 4096;

    /** What a pool puts before each object. */
    static final int HEADER = 64;

    /** Without it DPDK makes objects longer than they are, to spread them over memory channels. */
    static final int NO_SPREAD = 1;

    /** The size of struct rte_pktmbuf_pool_private. */
    static final int PRIVATE = 8;

    private static final MethodHandle CREATE = Dpdk.function(
            "rte_mempool_create_empty",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BEST_OPS =
            Dpdk.function("rte_mbuf_best_mempool_ops", FunctionDescriptor.of(JAVA_LONG));
    private static final MethodHandle SET_OPS = Dpdk.function(
            "rte_mempool_set_ops_byname", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle INITIALIZE =
            Dpdk.function("rte_pktmbuf_pool_init", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle POPULATE = Dpdk.function(
            "rte_mempool_populate_virt",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FOR_EACH =
            Dpdk.function("rte_mempool_obj_iter", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private PagePool() {}

    /** A pool, to be filled; 0 if there is no memory for it, as DPDK's errno says. */
    static long create(String name, int count, int cacheSize, int socket) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) CREATE.invokeExact(
                    arena.allocateFrom(name).address(), count, PAGE - HEADER, cacheSize, PRIVATE, socket, NO_SPREAD);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    /**
     * Fills a pool with buffers.
     *
     * @param pages where they are, as many as the pool is to have buffers
     * @return 0, or a negative error
     */
    static int fill(long pool, Memzone pages) {
        try {
            int result = (int) SET_OPS.invokeExact(pool, (long) BEST_OPS.invokeExact(), 0L);
            if (result < 0) {
                return result;
            }
            INITIALIZE.invokeExact(pool, 0L);
            result = (int) POPULATE.invokeExact(pool, pages.address(), pages.length(), (long) PAGE, 0L, 0L);
            if (result < 0) {
                return result;
            }
            int _ = (int) FOR_EACH.invokeExact(pool, Dpdk.symbol("rte_pktmbuf_init"), 0L);
            return 0;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }
}
