package dev.jmtcp.driver.netmap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The memory that a port shares with the kernel module, and behind it room of our own for frames that lie in several slots: one segment for both, as
 * all frames of a burst lie in one. Any thread may use it until it is closed; from then on whoever touches it gets an {@link IllegalStateException}.
 *
 * <pre>
 *  0                                                 size of the module's memory      own
 *  +------------+---------------+--------------------+-------------+------------------+
 *  | netmap_if  | netmap_ring … | buffers            | (alignment) | our own          |
 *  +------------+---------------+--------------------+-------------+------------------+
 *
 *  netmap_if    24 tx rings   28 rx rings   36 host tx rings   40 host rx rings
 *               56 where rings begin, from here, 8 bytes each: tx, host tx, rx, host rx
 * </pre>
 */
final class SharedMemory implements AutoCloseable {

    static final int IF_TX_RINGS = 24;
    static final int IF_RX_RINGS = 28;
    static final int IF_HOST_TX_RINGS = 36;
    static final int IF_HOST_RX_RINGS = 40;
    static final int IF_RING_OFFSETS = 56;

    private static final long ALIGNMENT = 1 << 16;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final long own;

    @SuppressWarnings("restricted") // it is unmapped when the arena closes
    private SharedMemory(long address, long length, long own) {
        memory = MemorySegment.ofAddress(address).reinterpret(length, arena, _ -> Libc.munmap(address, length));
        this.own = own;
    }

    /**
     * Maps the memory of a bound descriptor.
     *
     * @param ownSize the bytes of our own to have behind it
     */
    static SharedMemory map(Descriptor descriptor, long ownSize) throws CallFailedException {
        try (Arena calls = Arena.ofConfined()) {
            MemorySegment state = Libc.errnoMemory(calls);
            long shared = descriptor.answer().memorySize();
            long own = shared + ALIGNMENT - 1 & -ALIGNMENT;
            long length = own + ownSize;
            int access = Libc.PROT_READ | Libc.PROT_WRITE;
            long address =
                    Libc.mmap(state, 0, length, access, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS | Libc.MAP_NORESERVE, -1);
            if (address == Libc.MAP_FAILED) {
                throw new CallFailedException("mmap", Libc.errno(state));
            }
            if (Libc.mmap(state, address, shared, access, Libc.MAP_SHARED | Libc.MAP_FIXED, descriptor.fd())
                    == Libc.MAP_FAILED) {
                int errno = Libc.errno(state);
                Libc.munmap(address, length);
                throw new CallFailedException("mmap of " + Netmap.DEVICE, errno);
            }
            return new SharedMemory(address, length, own);
        }
    }

    MemorySegment segment() {
        return memory;
    }

    /** Where our own room begins. */
    long own() {
        return own;
    }

    /**
     * Where a ring begins.
     *
     * @param offset where the netmap_if of a descriptor bound to it begins
     * @param receives whether it is a receive ring
     * @param index its number among those; the host's come after the device's
     */
    long ring(long offset, boolean receives, int index) throws CallFailedException {
        long place = index;
        if (receives) {
            // Modules before API 14 have one ring to the host and do not say so.
            place += memory.get(JAVA_INT, offset + IF_TX_RINGS)
                    + Math.max(1, memory.get(JAVA_INT, offset + IF_HOST_TX_RINGS));
        }
        long distance = memory.get(JAVA_LONG, offset + IF_RING_OFFSETS + place * Long.BYTES);
        long at = offset + distance;
        if (distance == 0 || at < 0 || at > own - Ring.SLOTS || (at & 7) != 0) {
            throw new CallFailedException("ring " + index, Errno.ENXIO);
        }
        return at;
    }

    /** How many device rings there are, so that the first of the host comes after them. */
    int deviceRings(long offset, boolean receives) {
        return memory.get(JAVA_INT, offset + (receives ? IF_RX_RINGS : IF_TX_RINGS));
    }

    @Override
    public void close() {
        arena.close();
    }
}
