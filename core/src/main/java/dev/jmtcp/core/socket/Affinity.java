package dev.jmtcp.core.socket;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Binds threads to CPUs, where the system does that: Linux's sched_setaffinity(). */
final class Affinity {

    /** The bits of glibc's cpu_set_t. */
    private static final int CPUS = 1024;

    private Affinity() {}

    /**
     * Binds the calling thread to a CPU.
     *
     * @return why that was not possible; empty if it was
     */
    @SuppressWarnings("restricted") // where native access is denied, this says so and goes on
    static String pin(int cpu) {
        if (Thread.currentThread().isVirtual()) {
            return "a virtual thread cannot be bound to a CPU";
        }
        if (cpu < 0 || cpu >= CPUS) {
            return "there is no CPU " + cpu;
        }
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            SymbolLookup lookup = linker.defaultLookup();
            MemorySegment function = lookup.find("sched_setaffinity").orElse(null);
            if (function == null) {
                return "this system has no sched_setaffinity()";
            }
            MethodHandle set = linker.downcallHandle(
                    function,
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
            MemorySegment mask = arena.allocate(CPUS / 8, Long.BYTES);
            mask.setAtIndex(ValueLayout.JAVA_LONG, cpu / Long.SIZE, 1L << cpu % Long.SIZE);
            int result = (int) set.invokeExact(0, mask.byteSize(), mask);
            return result == 0 ? "" : "the system refused CPU " + cpu;
        } catch (Throwable e) {
            return e.toString();
        }
    }
}
