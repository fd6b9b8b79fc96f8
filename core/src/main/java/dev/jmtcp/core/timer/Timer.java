package dev.jmtcp.core.timer;

/**
 * Something that happens at a time: the superclass of what waits, so that arming a timer allocates nothing. It costs two references and a
 * long. Belongs to the thread of the {@link TimerWheel} it is scheduled on, and to at most one wheel at a time.
 */
public abstract non-sealed class Timer extends Node {

    /** When to expire, in nanoseconds; meaningful while armed. */
    long deadline;

    /**
     * Called by {@link TimerWheel#advance} once the deadline has passed; this timer is no longer armed then. It may schedule and cancel any
     * timer, this one included, but not advance the wheel.
     *
     * @param now the time in nanoseconds given to {@code advance}: at or after the deadline
     */
    protected abstract void expired(long now);

    /** Whether this is scheduled and has not expired yet. */
    public final boolean isArmed() {
        return isLinked();
    }

    /** When this expires, in nanoseconds; meaningful only while armed. */
    public final long deadline() {
        return deadline;
    }
}
