package dev.jmtcp.bench.dpdk;

import dev.jmtcp.driver.dpdk.bindings.EthQueue;
import dev.jmtcp.driver.dpdk.bindings.Mbuf;
import dev.jmtcp.driver.dpdk.bindings.MbufCache;
import dev.jmtcp.driver.dpdk.bindings.Native;
import java.lang.foreign.Arena;

/** The loops as the DPDK driver does the same: by its own bindings. */
final class JavaLoops implements Loops {

    private static final int BURST = 32;

    private final EthQueue idle;
    private final EthQueue busy;
    private final MbufCache cache;
    private final long array;

    /** For the thread that runs the loops. */
    JavaLoops(Bed bed) {
        idle = new EthQueue(bed.idle(), 0, true);
        busy = new EthQueue(bed.busy(), 0, true);
        cache = MbufCache.of(bed.pool(), bed.lcore());
        array = Arena.global().allocate((long) BURST * Long.BYTES, Long.BYTES).address();
    }

    @Override
    public long poll(Bed bed, long rounds) {
        long count = 0;
        for (long i = 0; i < rounds; i++) {
            count += idle.receive(array, BURST);
        }
        return count;
    }

    @Override
    public long forward(Bed bed, long rounds) {
        long count = 0;
        for (long i = 0; i < rounds; i++) {
            int received = busy.receive(array, BURST);
            count += busy.transmit(array, received);
        }
        return count;
    }

    @Override
    public long allocate(Bed bed, long rounds) {
        long count = 0;
        for (long i = 0; i < rounds; i++) {
            if (cache.take(array, BURST)) {
                for (long at = array; at < array + (long) BURST * Long.BYTES; at += Long.BYTES) {
                    Mbuf.prepare(Native.getLong(at), 0, 0, 0);
                }
                count += BURST;
                cache.give(array, BURST);
            }
        }
        return count;
    }
}
