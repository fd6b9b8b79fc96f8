package dev.jmtcp.apps;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.concurrent.TimeUnit;

/** What a command prints, for tests that wait for some of it. For any thread. */
final class ShownText extends Writer {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final StringBuilder text = new StringBuilder();

    PrintWriter writer() {
        return new PrintWriter(this, true);
    }

    /** Waits until it contains a text. */
    synchronized void await(String wanted) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE;
        while (text.indexOf(wanted) < 0) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("'" + wanted + "' does not come, only: " + text);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    @Override
    public synchronized void write(char[] buffer, int offset, int length) {
        text.append(buffer, offset, length);
        notifyAll();
    }

    @Override
    public synchronized String toString() {
        return text.toString();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
