package dev.jmtcp.bench.race;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what the calling thread takes. Belongs to one thread. */
public final class Meter {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** How much longer than its processor time a piece of work may take. */
    private static final int PATIENCE = 50;

    private long cpu;
    private long wall;
    private long allocated;
    private long units;
    private long frames;

    /**
     * Begins.
     *
     * @param units what was finished before
     * @param frames what was received before
     */
    public void start(long units, long frames) {
        this.units = units;
        this.frames = frames;
        allocated = THREADS.getCurrentThreadAllocatedBytes();
        wall = System.nanoTime();
        cpu = THREADS.getCurrentThreadCpuTime();
    }

    /** Whether so much processor time has passed since {@link #start}, or so much time that there is no hope for it. */
    public boolean isOver(long cpuNanos) {
        return THREADS.getCurrentThreadCpuTime() - cpu >= cpuNanos || System.nanoTime() - wall > PATIENCE * cpuNanos;
    }

    /** What was done since {@link #start}. */
    public Work stop(long units, long frames) {
        long cpuNanos = THREADS.getCurrentThreadCpuTime() - cpu;
        long wallNanos = System.nanoTime() - wall;
        long allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        return new Work(
                units - this.units, cpuNanos, wallNanos, allocatedBytes, frames < 0 ? -1 : frames - this.frames);
    }
}
