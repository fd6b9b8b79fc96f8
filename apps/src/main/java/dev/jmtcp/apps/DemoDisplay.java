package dev.jmtcp.apps;

import dev.jmtcp.apps.client.ClientCounters;
import dev.jmtcp.apps.demo.DemoWatcher;
import dev.jmtcp.apps.report.ClientReport;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** Shows how far a demo is: a line every second, and on a terminal a bar below. Belongs to one thread. */
final class DemoDisplay implements DemoWatcher, AutoCloseable {

    /** To the start of the line, and erase it: where the bar stands. */
    private static final String OVER_THE_BAR = "\r\u001b[K";

    private static final long SECOND = 1_000_000_000;

    private final PrintWriter out;
    private final @Nullable ProgressBar bar;
    private @Nullable ClientReport report;
    private long next;

    /** Makes the bar of a terminal, for so many steps. */
    @FunctionalInterface
    interface Bars {
        /** No terminal, no bar. */
        Bars NONE = _ -> null;

        @Nullable
        ProgressBar make(long steps);
    }

    DemoDisplay(PrintWriter out, @Nullable ProgressBar bar) {
        this.out = out;
        this.bar = bar;
    }

    @Override
    public void look(ClientCounters counters, long now) {
        if (report == null) {
            report = new ClientReport(counters);
            next = now + SECOND;
        }
        if (bar != null) {
            bar.stepTo(counters.completes());
        }
        if (now - next >= 0) {
            next += SECOND;
            print(report.line());
        }
    }

    /** Prints the line of what has happened since the last, and takes the bar away. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
        if (report != null) {
            print(report.line());
        }
    }

    private void print(String line) {
        out.println(bar == null ? line : OVER_THE_BAR + line);
        out.flush();
    }
}
