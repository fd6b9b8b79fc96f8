package dev.jmtcp.core.buffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The unit in which a {@link ChunkPool} gets memory from the system and returns it. */
final class Slab {

    /** Owns the memory; shared, so that the segments of all drivers and buffers are of one kind wherever they meet. */
    final Arena arena;

    final MemorySegment memory;

    /** How many chunks it is cut into. */
    final int chunks;

    /** How many of them lie in the pool. */
    int free;

    /** Marked to be returned to the system. */
    boolean doomed;

    private Slab(Arena arena, MemorySegment memory, int chunks) {
        this.arena = arena;
        this.memory = memory;
        this.chunks = chunks;
    }

    /**
     * A new slab.
     *
     * @param stride the bytes from one chunk to the next
     * @throws OutOfMemoryError if the system has no memory left
     */
    @SuppressWarnings("MustBeClosedChecker") // the pool closes it
    static Slab allocate(int chunks, int stride) {
        Arena arena = Arena.ofShared();
        boolean done = false;
        try {
            Slab slab = new Slab(arena, arena.allocate((long) chunks * stride, ChunkPool.LINE), chunks);
            done = true;
            return slab;
        } finally {
            if (!done) {
                arena.close();
            }
        }
    }
}
