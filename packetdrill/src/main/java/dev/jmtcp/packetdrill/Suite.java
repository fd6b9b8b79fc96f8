package dev.jmtcp.packetdrill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Many scripts. */
public final class Suite {

    /**
     * A script that was run.
     *
     * @param nanos how long that took
     */
    public record Result(Path script, Outcome outcome, long nanos) {}

    private Suite() {}

    /**
     * The scripts among files and folders: of a folder all files {@code *.pkt} in it and below, sorted by name.
     *
     * @throws IOException if one does not exist or a folder cannot be read
     */
    public static List<Path> find(List<Path> places) throws IOException {
        List<Path> scripts = new ArrayList<>();
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> files = Files.walk(place)) {
                    files.filter(file -> file.toString().endsWith(".pkt") && Files.isRegularFile(file))
                            .sorted()
                            .forEach(scripts::add);
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            } else if (Files.exists(place)) {
                scripts.add(place);
            } else {
                throw new NoSuchFileException(place.toString());
            }
        }
        return scripts;
    }

    /**
     * Runs scripts on several threads.
     *
     * @param threads how many at a time
     * @param listener is told of each result, in the order of the scripts, on the calling thread
     * @return all results, in the order of the scripts
     * @throws InterruptedException if the thread was interrupted; the scripts not begun by then are not run
     */
    public static List<Result> run(Packetdrill packetdrill, List<Path> scripts, int threads, Consumer<Result> listener)
            throws InterruptedException {
        List<Result> results = new ArrayList<>();
        var executor = Executors.newFixedThreadPool(threads, task -> {
            var thread = new Thread(task, "packetdrill");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<Result>> futures = new ArrayList<>();
            for (Path script : scripts) {
                futures.add(executor.submit(() -> {
                    long start = System.nanoTime();
                    Outcome outcome = packetdrill.run(script);
                    return new Result(script, outcome, System.nanoTime() - start);
                }));
            }
            for (Future<Result> future : futures) {
                Result result = future.get();
                listener.accept(result);
                results.add(result);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            executor.shutdownNow();
        }
        return results;
    }
}
