package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DPDK's environment (EAL), of which a process has one: it starts once and stays until the process ends, since DPDK cannot start it again. Static, for any
 * thread.
 */
public final class Eal {

    private static @Nullable List<String> running;
    private static @Nullable String failure;

    /** What DPDK says of arguments that it does not take, before it has done anything. */
    private static final String WRONG_ARGUMENTS = "Invalid 'command line' arguments";

    private Eal() {}

    /**
     * Starts the environment, in a thread of its own: DPDK binds the thread that starts it to a CPU, and the threads that this one makes later.
     *
     * @param arguments as on the command line of a DPDK program, without its name; --lcores last, for an error in another one not to be final
     * @throws DpdkException if DPDK is missing, already runs, or does not start; the message has what DPDK wrote, and says so if it cannot be
     *     started any more in this process, which is so unless an argument was wrong
     */
    public static synchronized void start(List<String> arguments) throws DpdkException {
        if (running != null) {
            throw new DpdkException("DPDK already runs in this process, with: " + String.join(" ", running));
        }
        if (failure != null) {
            throw new DpdkException(failure);
        }
        Dpdk.load();
        EalLog log = EalLog.instance();
        long before = log.mark();
        int errno = startInThread(arguments);
        List<String> logged = log.since(before);
        if (errno == 0) {
            running = List.copyOf(arguments);
            return;
        }
        String problem = "DPDK does not start with '" + String.join(" ", arguments) + "'" + describe(logged, errno);
        if (logged.stream().noneMatch(line -> line.contains(WRONG_ARGUMENTS))) {
            // What DPDK has read of its arguments, and of memory, it keeps.
            problem += "; in this process it cannot be started any more: start the program again";
            failure = "DPDK can be started once in a process, and that failed: " + problem;
        }
        throw new DpdkException(problem, errno);
    }

    /** The arguments that DPDK runs with in this process; null if it does not. */
    public static synchronized @Nullable List<String> arguments() {
        return running;
    }

    /** Whether the primary process lives whose memory this secondary process shares. */
    public static boolean isPrimaryAlive() {
        return isPrimaryAlive(0);
    }

    /**
     * Whether a primary process lives. DPDK has to be loaded, but not to run.
     *
     * @param config the file that it keeps locked
     */
    public static boolean isPrimaryAlive(Path config) {
        try (Arena arena = Arena.ofConfined()) {
            return isPrimaryAlive(arena.allocateFrom(config.toString()).address());
        }
    }

    private static boolean isPrimaryAlive(long config) {
        try {
            return (int) PrimaryAlive.CALL.invokeExact(config) != 0;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    /** Looked up when first needed, once DPDK is loaded. */
    private static final class PrimaryAlive {

        private static final MethodHandle CALL =
                Dpdk.function("rte_eal_primary_proc_alive", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

        private PrimaryAlive() {}
    }

    private static String describe(List<String> log, int errno) {
        List<String> telling =
                log.stream().filter(line -> !line.startsWith("EAL: Detected")).toList();
        return ": " + (telling.isEmpty() ? Dpdk.errorText(errno) : String.join("; ", telling));
    }

    private static int startInThread(List<String> arguments) {
        var errno = new int[1];
        Thread thread = Thread.ofPlatform().name("dpdk-start").start(() -> errno[0] = init(arguments));
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException _) {
                interrupted = true; // a start cannot be given up half-way
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return errno[0];
    }

    /** 0, or the error. */
    private static int init(List<String> arguments) {
        // DPDK may keep pointers into its arguments.
        Arena arena = Arena.global();
        MemorySegment vector = arena.allocate(ADDRESS, arguments.size() + 2L);
        vector.setAtIndex(ADDRESS, 0, arena.allocateFrom("jmtcp"));
        for (int i = 0; i < arguments.size(); i++) {
            vector.setAtIndex(ADDRESS, i + 1L, arena.allocateFrom(arguments.get(i)));
        }
        MethodHandle init = Dpdk.function("rte_eal_init", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
        try {
            int result = (int) init.invokeExact(arguments.size() + 1, vector.address());
            return result >= 0 ? 0 : Math.max(1, Dpdk.errno());
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    /** The CPUs that the calling thread may use, as a list like {@code 0-3,8}. */
    public static String allowedCpus() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/thread-self/status"))) {
                if (line.startsWith("Cpus_allowed_list:")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException _) {
            // falls through to the one CPU that each machine has
        }
        return "0";
    }
}
