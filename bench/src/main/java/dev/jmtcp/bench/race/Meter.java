package dev.jmtcp.bench.race;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** Measures what the calling thread and others that work for it take. Belongs to one thread. */
public final class Meter {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** How much longer than its processor time a piece of work may take. */
    private static final int PATIENCE = 50;

    private final long[] others;
    private long cpu;
    private long wall;
    private long allocated;
    private long units;
    private long frames;

    /**
     * @param others threads besides the one that measures
     */
    public Meter(Thread... others) {
        this.others = Arrays.stream(others).mapToLong(Thread::threadId).toArray();
    }

    /**
     * Begins.
     *
     * @param units what was finished before
     * @param frames what was received before
     */
    public void start(long units, long frames) {
        this.units = units;
        this.frames = frames;
        allocated = allocated();
        wall = System.nanoTime();
        cpu = cpu();
    }

    /** Whether so much processor time has passed since {@link #start}, or so much time that there is no hope for it. */
    public boolean isOver(long cpuNanos) {
        return cpu() - cpu >= cpuNanos || System.nanoTime() - wall > PATIENCE * cpuNanos;
    }

    /** What was done since {@link #start}. */
    public Work stop(long units, long frames) {
        long cpuNanos = cpu() - cpu;
        long wallNanos = System.nanoTime() - wall;
        long allocatedBytes = allocated() - allocated;
        return new Work(
                units - this.units, cpuNanos, wallNanos, allocatedBytes, frames < 0 ? -1 : frames - this.frames);
    }

    private long cpu() {
        long nanos = THREADS.getCurrentThreadCpuTime();
        for (long thread : others) {
            nanos += THREADS.getThreadCpuTime(thread);
        }
        return nanos;
    }

    private long allocated() {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        for (long thread : others) {
            bytes += THREADS.getThreadAllocatedBytes(thread);
        }
        return bytes;
    }
}
