package dev.jmtcp.bench.race;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/** The processor time of the JVM's own threads, which no bean tells: Linux knows them by name. */
public final class JvmThreads {

    private static final Path TASKS = Path.of("/proc/self/task");

    /**
     * Processor time so far, in nanoseconds.
     *
     * @param gc of the threads that collect garbage
     * @param jit of the threads that compile
     */
    public record Times(long gc, long jit) {

        public Times minus(Times before) {
            return new Times(gc - before.gc, jit - before.jit);
        }
    }

    private JvmThreads() {}

    /** The times now; zeros where this is not Linux. */
    public static Times now() {
        return new Times(
                sum(name -> name.startsWith("GC Thread") || name.startsWith("G1 ") || name.startsWith("VM Thread")),
                sum(name -> name.startsWith("C1 Comp") || name.startsWith("C2 Comp")));
    }

    private static long sum(Predicate<String> names) {
        long nanos = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                nanos += timeOf(task, names);
            }
        } catch (IOException e) {
            return 0;
        }
        return nanos;
    }

    private static long timeOf(Path task, Predicate<String> names) {
        try {
            if (!names.test(Files.readString(task.resolve("comm")))) {
                return 0;
            }
            String times =
                    Files.readString(task.resolve("schedstat")); // time on a processor, time waiting, time slices
            return Long.parseLong(times.substring(0, times.indexOf(' ')));
        } catch (IOException e) {
            return 0; // the thread has ended
        }
    }
}
