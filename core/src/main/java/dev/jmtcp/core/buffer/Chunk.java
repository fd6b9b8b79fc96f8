package dev.jmtcp.core.buffer;

import java.lang.foreign.MemorySegment;

/**
 * A piece of native memory from a {@link ChunkPool}, of the pool's chunk size. Whoever took it may read and write it until giving it back. Its
 * content is whatever was there before. Belongs to the pool's thread.
 */
public final class Chunk {

    /** The slab that this is a part of. */
    final MemorySegment memory;

    /** Where in {@link #memory} this begins, in bytes. */
    final long offset;

    /** What the pool knows of the slab. */
    final Slab slab;

    /** Whether this lies in the pool. */
    boolean free = true;

    Chunk(Slab slab, long offset) {
        this.slab = slab;
        this.memory = slab.memory;
        this.offset = offset;
    }

    /** The native segment that this is a part of; the same object for many chunks. */
    public MemorySegment memory() {
        return memory;
    }

    /** Where in {@link #memory} this begins, in bytes. */
    public long offset() {
        return offset;
    }
}
