package dev.jmtcp.bench.micro;

import dev.jmtcp.core.wire.Checksum;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The Internet checksum of a header, a small and a large segment. */
@State(Scope.Benchmark)
public class ChecksumBenchmark extends Timed {

    private final MemorySegment memory = Arena.ofAuto().allocate(2048);

    @Param({"20", "84", "1480"})
    private int length;

    /** Creates the state. */
    public ChecksumBenchmark() {}

    @Benchmark
    public int checksum() {
        return Checksum.finish(Checksum.sum(memory, 34, length));
    }
}
