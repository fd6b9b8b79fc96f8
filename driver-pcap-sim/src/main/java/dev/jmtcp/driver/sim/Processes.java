package dev.jmtcp.driver.sim;

import java.time.Instant;
import java.util.Optional;

/** Processes by their number and start, since numbers are used again. */
final class Processes {

    /** This process. */
    static final long OWN = ProcessHandle.current().pid();

    /** When this process was started: milliseconds since 1970. */
    static final long OWN_START = startOf(ProcessHandle.current());

    /** The system counts starts from its own, which it knows to a second. */
    private static final long SAME_START_MILLIS = 2000;

    private Processes() {}

    /** Whether a process runs; no if it is in a part of the system that this one cannot see. */
    static boolean isRunning(long process, long start) {
        Optional<ProcessHandle> found = ProcessHandle.of(process);
        return found.isPresent() && Math.abs(startOf(found.get()) - start) < SAME_START_MILLIS;
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
