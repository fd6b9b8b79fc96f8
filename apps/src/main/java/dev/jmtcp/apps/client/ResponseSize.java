package dev.jmtcp.apps.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Tells, as mTCP's epwget does, how large the first response was and which others are not. For any thread. */
public final class ResponseSize {

    private static final int MOST_MISMATCHES = 10;

    private final Consumer<String> out;
    private final AtomicLong size = new AtomicLong();
    private final AtomicInteger mismatches = new AtomicInteger();

    public ResponseSize(Consumer<String> out) {
        this.out = out;
    }

    /** A response of so many bytes, its head included, is complete. */
    public void check(long received) {
        if (size.get() == 0 && size.compareAndSet(0, received)) {
            out.accept("Response size set to " + received);
        } else if (size.get() != received) {
            int number = mismatches.incrementAndGet();
            if (number <= MOST_MISMATCHES) {
                out.accept("Response size mismatch! mine: " + received + ", theirs: " + size.get());
            }
            if (number == MOST_MISMATCHES) {
                out.accept("Further mismatches are not printed.");
            }
        }
    }
}
