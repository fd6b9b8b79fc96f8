package dev.jmtcp.spi.tck;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The clock that a driver under test is opened with, in nanoseconds, and the way to let time pass: the contract test has no other
 * way to wait. To be called from any thread; allocates nothing.
 */
public interface TestClock extends LongSupplier {

    /** Lets this much time pass: rests in real time, moves on in virtual time. */
    void pass(long nanos);

    /** The clock of this machine. */
    static TestClock real() {
        return new TestClock() {
            @Override
            public long getAsLong() {
                return System.nanoTime();
            }

            @Override
            public void pass(long nanos) {
                LockSupport.parkNanos(nanos);
            }
        };
    }

    /** A clock that stands still but for {@link #pass}. */
    static TestClock virtual() {
        var now = new AtomicLong();
        return new TestClock() {
            @Override
            public long getAsLong() {
                return now.get();
            }

            @Override
            public void pass(long nanos) {
                now.addAndGet(nanos);
            }
        };
    }
}
