package dev.jmtcp.bench.race;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Contestants that work in turn, in one process, so that what disturbs the machine disturbs all of them alike. First each warms up; then there are runs, in
 * each of which every contestant gets the same processor time.
 *
 * @param runs how many
 * @param runNanos how much processor time a contestant gets in a run
 * @param warmUpNanos how much each gets beforehand
 * @param progress is told what is being done
 */
public record Race(int runs, long runNanos, long warmUpNanos, Consumer<String> progress) {

    /** Short stretches, so that the JIT compiler meets a pause of the work in time, too. */
    private static final int WARM_UPS = 4;

    /** Makes a contestant. */
    @FunctionalInterface
    public interface Entry {
        Contestant enter() throws IOException;
    }

    /** Holds the race. */
    public List<Series> run(List<Entry> entries) throws IOException {
        List<Contestant> contestants = new ArrayList<>();
        try {
            for (Entry entry : entries) {
                Contestant contestant = entry.enter();
                contestants.add(contestant);
                progress.accept(contestant.name() + ": warm-up");
                for (int i = 0; i < WARM_UPS; i++) {
                    contestant.work(warmUpNanos / WARM_UPS);
                }
            }
            return run(contestants, entries.size());
        } finally {
            contestants.forEach(Contestant::close);
        }
    }

    private List<Series> run(List<Contestant> contestants, int count) throws IOException {
        List<List<Sample>> samples = new ArrayList<>();
        contestants.forEach(_ -> samples.add(new ArrayList<>()));
        for (int run = 1; run <= runs; run++) {
            for (int i = 0; i < count; i++) {
                Contestant contestant = contestants.get(i);
                progress.accept("%s: run %d of %d".formatted(contestant.name(), run, runs));
                JvmThreads.Times before = JvmThreads.now();
                Work work = contestant.work(runNanos);
                samples.get(i).add(new Sample(work, JvmThreads.now().minus(before)));
            }
        }
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Contestant contestant = contestants.get(i);
            series.add(new Series(contestant.name(), contestant.description(), samples.get(i), contestant.finish()));
        }
        return series;
    }
}
