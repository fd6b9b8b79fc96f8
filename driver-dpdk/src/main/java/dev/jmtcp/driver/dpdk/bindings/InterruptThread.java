package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * DPDK's own thread, in which it handles interrupts and what devices' peers say. Some drivers are not safe against it: what is to be done with their devices is
 * done there, by timers ("alarms") that are due at once, in turn. Static, for any thread; DPDK has to run.
 */
final class InterruptThread {

    private static final int SEMAPHORE_SIZE = 32;
    private static final long TURN = 100_000;
    private static final int MOST_TURNS = 100_000;

    private static final MethodHandle SET_ALARM =
            Dpdk.function("rte_eal_alarm_set", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /** Those that may still be posted. */
    private static final Queue<MemorySegment> KEPT = new ConcurrentLinkedQueue<>();

    private InterruptThread() {}

    /**
     * Calls functions of one argument there, and waits until they have returned.
     *
     * @param functionsAndArguments a function's address, its argument, the next one's address, …
     * @return whether they have; not if the thread did not get to it within seconds
     */
    static boolean run(long... functionsAndArguments) {
        Arena arena = Arena.ofAuto();
        MemorySegment semaphore = arena.allocate(SEMAPHORE_SIZE, Long.BYTES);
        Linker linker = Linker.nativeLinker();
        long post = linker.defaultLookup().findOrThrow("sem_post").address();
        long microseconds = 1;
        for (int i = 0; i < functionsAndArguments.length; i += 2) {
            set(microseconds++, functionsAndArguments[i], functionsAndArguments[i + 1]);
        }
        // The count of a semaphore of glibc is its first number: zeroed memory is one that is at 0.
        set(microseconds, post, semaphore.address());
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            if (Native.getInt(semaphore.address()) != 0) {
                return true;
            }
            LockSupport.parkNanos(semaphore, TURN);
        }
        KEPT.add(semaphore);
        return false;
    }

    private static void set(long microseconds, long function, long argument) {
        try {
            int result = (int) SET_ALARM.invokeExact(microseconds, function, argument);
            if (result != 0) {
                throw new IllegalStateException("no alarm: " + Dpdk.errorText(result));
            }
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }
}
