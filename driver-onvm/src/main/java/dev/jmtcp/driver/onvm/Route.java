package dev.jmtcp.driver.onvm;

import dev.jmtcp.driver.dpdk.bindings.Mbuf;
import dev.jmtcp.driver.dpdk.bindings.Native;
import dev.jmtcp.driver.onvm.OnvmLayout.Meta;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Where the frames of a port go, and how a packet buffer is told so. Immutable; allocates nothing.
 *
 * @param metaOffset where in a packet buffer it stands what becomes of it
 * @param meta what stands there: all of struct onvm_pkt_meta
 * @param port the manager's number of the port, for who receives it
 * @param hash how frames are spread over the network functions of a service; null where they go out
 */
record Route(int metaOffset, long meta, int port, @Nullable FlowHash hash) {

    private static final int BITS = Byte.SIZE;

    /** Out of one of the manager's ports. */
    static Route out(int metaOffset, int instance, int port) {
        return new Route(metaOffset, meta(Meta.OUT, port, instance), port, null);
    }

    /** To a service. */
    static Route toService(int metaOffset, int instance, int service, int port, FlowHash hash) {
        return new Route(metaOffset, meta(Meta.TO_SERVICE, service, instance), port, hash);
    }

    private static long meta(int action, int destination, int instance) {
        return (long) action << Meta.ACTION * BITS
                | (long) destination << Meta.DESTINATION * BITS
                | (long) instance << Meta.SOURCE * BITS;
    }

    /** Whether frames leave the machine, so that they have to be as long as a wire wants them. */
    boolean isWire() {
        return hash == null;
    }

    /** Tells a packet buffer that is ready otherwise. */
    void mark(long mbuf, MemorySegment memory, long frame, int length) {
        Native.setLong(mbuf + metaOffset, meta);
        Native.setShort(mbuf + Mbuf.PORT, port);
        if (hash != null) {
            Native.setInt(mbuf + Mbuf.HASH, hash.of(memory, frame, length));
        }
    }
}
