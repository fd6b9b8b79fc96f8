package dev.jmtcp.driver.sim;

import java.util.function.LongSupplier;

/**
 * A clock that stands still until it is told to go on, in nanoseconds. Read from any thread; set by one at a time. A {@link Simulation}
 * drives it, or a test.
 */
public final class VirtualClock implements LongSupplier {

    private volatile long now;

    /** A clock at 0. */
    public VirtualClock() {
        this(0);
    }

    /** A clock at a time of one's choice. */
    public VirtualClock(long now) {
        this.now = now;
    }

    @Override
    public long getAsLong() {
        return now;
    }

    /** The time. */
    public long now() {
        return now;
    }

    /**
     * Sets the time.
     *
     * @throws IllegalArgumentException if that is in the past
     */
    public void advanceTo(long time) {
        if (time < now) {
            throw new IllegalArgumentException("time " + time + " is before " + now);
        }
        now = time;
    }
}
