package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The numbers ("lcores") by which DPDK tells threads apart: a thread that has one has a cache of its own in each pool of buffers. Static, for any thread; DPDK
 * has to run.
 */
public final class Lcore {

    /** What {@link #register} answers where all numbers are taken. */
    public static final int NONE = -1;

    private static final int LCORE_ID_ANY = -1;

    private static final MethodHandle REGISTER = Dpdk.function("rte_thread_register", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle UNREGISTER = Dpdk.function("rte_thread_unregister", FunctionDescriptor.ofVoid());

    /** The threads registered here. Guarded by the class. */
    private static final Map<Thread, Integer> REGISTERED = new HashMap<>();

    private Lcore() {}

    /** Gives the calling thread, a platform thread, a number until it ends, if it has none; and takes back those of threads that have ended. */
    public static synchronized int register() {
        Integer known = REGISTERED.get(Thread.currentThread());
        if (known != null) {
            return known;
        }
        try {
            if (current() != LCORE_ID_ANY) {
                return current();
            }
            releaseThoseOfTheDead();
            if ((int) REGISTER.invokeExact() != 0) {
                return NONE;
            }
            int lcore = current();
            REGISTERED.put(Thread.currentThread(), lcore);
            return lcore;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    /** How many threads have a number now. */
    static synchronized int registered() {
        return REGISTERED.size();
    }

    /** A thread can give back only the number that it has itself: so this thread takes each for a moment. */
    private static void releaseThoseOfTheDead() throws Throwable {
        Iterator<Map.Entry<Thread, Integer>> all = REGISTERED.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Thread, Integer> entry = all.next();
            if (!entry.getKey().isAlive()) {
                Native.setInt(Dpdk.symbol("per_lcore__lcore_id"), entry.getValue());
                UNREGISTER.invokeExact();
                all.remove();
            }
        }
    }

    private static int current() {
        return Native.getInt(Dpdk.symbol("per_lcore__lcore_id"));
    }
}
