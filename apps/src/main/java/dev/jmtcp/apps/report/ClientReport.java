package dev.jmtcp.apps.report;

import dev.jmtcp.apps.client.ClientCounters;
import java.util.Locale;

/** The line that mTCP's epwget prints every second. Belongs to one thread. */
public final class ClientReport {

    private static final long MEGABYTE = 1_000_000;
    private static final long MICROSECOND = 1_000;

    private final ClientCounters counters;
    private long connects;
    private long reads;
    private long writes;
    private long completes;
    private long responseNanos;

    public ClientReport(ClientCounters counters) {
        this.counters = counters;
    }

    /** What was done since the call before, or since the start. */
    public String line() {
        long completed = counters.completes() - completes;
        long time = counters.responseNanos() - responseNanos;
        String line = String.format(
                Locale.ROOT,
                "[ ALL ] connect: %7d, read: %4d MB, write: %4d MB, completes: %7d (resp_time avg: %4d, max: %6d us)",
                counters.connects() - connects,
                (counters.reads() - reads) / MEGABYTE,
                (counters.writes() - writes) / MEGABYTE,
                completed,
                completed <= 0 ? 0 : time / completed / MICROSECOND,
                counters.takeLongest() / MICROSECOND);
        connects = counters.connects();
        reads = counters.reads();
        writes = counters.writes();
        completes += completed;
        responseNanos += time;
        return line;
    }
}
