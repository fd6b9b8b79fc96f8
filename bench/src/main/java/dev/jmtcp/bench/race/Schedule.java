package dev.jmtcp.bench.race;

import org.HdrHistogram.Histogram;

/**
 * When requests are to be sent, and how long after that their answers have come. The time of a request begins when it was to be sent, not when it could be: so one
 * that has to wait because earlier ones are late counts as late, too (no coordinated omission). Belongs to one thread; times are in nanoseconds.
 */
public final class Schedule {

    private static final long LONGEST = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final Histogram times = new Histogram(LONGEST, DIGITS);
    private double interval;
    private long start;
    private long taken;
    private long behind;
    private boolean going;

    /** Chooses how many requests there are a second, from the next {@link #start} on. */
    public void rate(double perSecond) {
        interval = 1e9 / perSecond;
    }

    /** Begins anew, at once. */
    public void start(long now) {
        start = now;
        taken = 0;
        going = true;
    }

    /** Sends nothing more; what should have been sent and was not is counted in {@link #behind}. */
    public void stop(long now) {
        going = false;
        behind += Math.max(0, (long) ((now - start) / interval) - taken);
    }

    /** Whether a request is to be sent by now. */
    public boolean isDue(long now) {
        return going && next() <= now;
    }

    /** When the next request is to be sent. */
    private long next() {
        return start + (long) (taken * interval);
    }

    /** Takes the next request: the time it is to be sent. */
    public long take() {
        long at = next();
        taken++;
        return at;
    }

    /** An answer has come. */
    public void answered(long due, long now) {
        times.recordValue(Math.clamp(now - due, 0, LONGEST));
    }

    /** How many requests were never sent, since there was no connection free. */
    public long behind() {
        return behind;
    }

    /** The times so far, which are forgotten. */
    public Histogram takeTimes() {
        Histogram copy = times.copy();
        times.reset();
        behind = 0;
        return copy;
    }
}
