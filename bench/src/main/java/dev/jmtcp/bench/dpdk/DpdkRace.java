package dev.jmtcp.bench.dpdk;

import dev.jmtcp.driver.dpdk.bindings.Dpdk;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Runs the loops in C and in Java in turn, in one thread of one process, and says how they compare. */
public final class DpdkRace {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** What one round of a loop is run for, in nanoseconds of processor time. */
    private final long slice;

    private final int runs;
    private final PrintWriter out;

    /** A loop of either language. */
    private interface Loop {
        long run(Loops loops, Bed bed, long rounds);
    }

    private record Part(String name, String target, Loop loop) {}

    private static final List<Part> PARTS = List.of(
            new Part("empty poll, net_null", "", Loops::poll),
            new Part("rx and tx of 32, net_null", "at most 1.10", Loops::forward),
            new Part("alloc and free of 32", "at most 1.00", Loops::allocate));

    /**
     * @param runs how often each loop is run in each language
     * @param slice the processor time of each of these, in nanoseconds
     */
    public DpdkRace(int runs, long slice, PrintWriter out) {
        this.runs = runs;
        this.slice = slice;
        this.out = out;
    }

    /**
     * Races.
     *
     * @param folder an empty folder for what is compiled
     * @param huge whether packets are to lie in hugepages
     */
    public void run(Path folder, boolean huge) throws IOException {
        Dpdk.load();
        CLoops c = CLoops.compile(folder);
        try (Bed bed = Bed.make(huge)) {
            out.printf(
                    "%s, %s; medians of %d runs of %d ms of processor time, C and Java in turn%n%n",
                    Dpdk.version(), huge ? "hugepages" : "normal pages", runs, slice / 1_000_000);
            out.printf("%-28s %10s %10s %14s   %s%n", "", "C ns", "Java ns", "Java/C", "target");
            var java = new JavaLoops(bed);
            for (Part part : PARTS) {
                race(part, bed, c, java);
            }
            out.flush();
        }
    }

    private void race(Part part, Bed bed, CLoops c, JavaLoops java) throws IOException {
        long ofC = rounds(part, bed, c);
        long ofJava = rounds(part, bed, java);
        if (part.loop().run(c, bed, 1000) != part.loop().run(java, bed, 1000)) {
            throw new IOException(part.name() + ": C and Java do not do the same");
        }
        var nanosOfC = new double[runs];
        var nanosOfJava = new double[runs];
        var ratios = new double[runs];
        for (int i = 0; i < runs; i++) {
            nanosOfC[i] = nanos(part, bed, c, ofC);
            nanosOfJava[i] = nanos(part, bed, java, ofJava);
            ratios[i] = nanosOfJava[i] / nanosOfC[i];
        }
        Arrays.sort(ratios);
        out.printf(
                "%-28s %10.1f %10.1f %5.2f (%.2f-%.2f)  %s%n",
                part.name(),
                median(nanosOfC),
                median(nanosOfJava),
                ratios[runs / 2],
                ratios[0],
                ratios[runs - 1],
                part.target());
    }

    /** How many rounds take a slice; makes the loop warm. */
    private long rounds(Part part, Bed bed, Loops loops) {
        long rounds = 1000;
        while (true) {
            double nanos = nanos(part, bed, loops, rounds);
            if (nanos * rounds >= slice) {
                return Math.max(1, (long) (slice / nanos));
            }
            rounds *= 2;
        }
    }

    /** Of one round. */
    private static double nanos(Part part, Bed bed, Loops loops, long rounds) {
        long before = THREADS.getCurrentThreadCpuTime();
        part.loop().run(loops, bed, rounds);
        return (double) (THREADS.getCurrentThreadCpuTime() - before) / rounds;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
