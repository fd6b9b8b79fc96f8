package dev.jmtcp.interop;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Waits for what has to come about, however long a busy machine takes. */
final class Patience {

    /** The longest that anything may take. */
    static final long SECONDS = 200;

    private static final long STEP_MILLIS = 20;

    /** A question or what describes the answer. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws IOException;
    }

    private Patience() {}

    /** Waits until a condition holds; fails with what there is instead. */
    static void until(String wanted, Question<Boolean> condition, Question<?> found) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.ask()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(wanted + ": not within " + SECONDS + " s; there is: " + found.ask());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(wanted + ": interrupted; there is: " + found.ask(), e);
            }
        }
    }
}
