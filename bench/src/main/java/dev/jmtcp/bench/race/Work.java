package dev.jmtcp.bench.race;

/**
 * What a contestant has done in one run, and what it took.
 *
 * @param units what was finished: transactions, or bytes
 * @param cpuNanos the processor time of the threads of both ends, in user and kernel mode
 * @param wallNanos how long it took
 * @param allocatedBytes what those threads have allocated on the heap
 * @param frames the frames that both ends have received; −1 where that cannot be known
 */
public record Work(long units, long cpuNanos, long wallNanos, long allocatedBytes, long frames) {

    /** Units a second of processor time. */
    public double perCpuSecond() {
        return units * 1e9 / Math.max(1, cpuNanos);
    }

    /** Both together, of threads that ran at the same time. */
    public Work plus(Work other) {
        return new Work(
                units + other.units,
                cpuNanos + other.cpuNanos,
                Math.max(wallNanos, other.wallNanos),
                allocatedBytes + other.allocatedBytes,
                frames < 0 || other.frames < 0 ? -1 : frames + other.frames);
    }
}
