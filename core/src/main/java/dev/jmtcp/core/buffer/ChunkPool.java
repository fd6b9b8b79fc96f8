package dev.jmtcp.core.buffer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of native memory of one size, for the send and receive buffers of one stack. Belongs to the stack's thread. Memory comes from the system
 * in slabs as it is needed, up to a limit; the chunk given back last is taken first, since it is the one still in the cache. Taking and giving back
 * allocate nothing except when a new slab is needed; only {@link #trim} returns memory to the system.
 */
public final class ChunkPool implements AutoCloseable {

    /** The chunk size in bytes unless told otherwise. */
    public static final int DEFAULT_CHUNK_SIZE = 4096;

    /** Getting and clearing this much takes some ten microseconds: short for a turn of the stack. */
    private static final int SLAB_BYTES = 256 << 10;

    /** A line of the processor's caches, in bytes. */
    static final int LINE = 64;

    private final int chunkSize;

    /** From one chunk to the next: an odd number of lines, since small data lies at the beginnings, which would else compete for the same places of the caches. */
    private final int stride;

    private final int chunksPerSlab;
    private final List<Slab> slabs = new ArrayList<>();

    /** How many chunks there may be; lowered when the system has no more memory. */
    private long limit;

    /** How many chunks there are. */
    private int total;

    /** The free chunks, a stack; what lies above it is what lay there before. */
    private @Nullable Chunk[] stack = new Chunk[0];

    /** How many chunks are free. */
    private int free;

    /** The fewest that were free since the last {@link #trim}. */
    private int fewestFree;

    /** A pool with chunks of {@link #DEFAULT_CHUNK_SIZE}. */
    public ChunkPool(long maxBytes) {
        this(DEFAULT_CHUNK_SIZE, maxBytes);
    }

    /**
     * An empty pool.
     *
     * @param chunkSize in bytes, a power of two from 64 to 2^20
     * @param maxBytes how much memory it may take from the system
     */
    public ChunkPool(int chunkSize, long maxBytes) {
        if (Integer.bitCount(chunkSize) != 1 || chunkSize < 64 || chunkSize > 1 << 20) {
            throw new IllegalArgumentException("chunk size " + chunkSize + " is not a power of two from 64 to 2^20");
        }
        if (maxBytes < 0) {
            throw new IllegalArgumentException("negative limit " + maxBytes);
        }
        this.chunkSize = chunkSize;
        this.stride = (chunkSize / LINE | 1) * LINE;
        this.chunksPerSlab = Math.max(1, SLAB_BYTES / chunkSize);
        this.limit = Math.min(maxBytes / chunkSize, Integer.MAX_VALUE - 8);
    }

    /** The size of each chunk in bytes, a power of two. */
    public int chunkSize() {
        return chunkSize;
    }

    /** A chunk, or null when the limit is reached or the system has no memory left. */
    public @Nullable Chunk take() {
        if (free == 0 && !grow()) {
            return null;
        }
        Chunk chunk = stack[--free];
        if (chunk == null) {
            throw new IllegalStateException("closed");
        }
        fewestFree = Math.min(fewestFree, free);
        chunk.free = false;
        chunk.slab.free--;
        return chunk;
    }

    /**
     * Takes a chunk back. It must not be touched afterwards.
     *
     * @throws IllegalStateException if it is in the pool already
     */
    public void give(Chunk chunk) {
        if (chunk.free) {
            throw new IllegalStateException("given back twice");
        }
        chunk.free = true;
        chunk.slab.free++;
        // Most often it goes to where it came from, and to write a reference costs a barrier.
        if (stack[free] != chunk) {
            stack[free] = chunk;
        }
        free++;
    }

    /** Whether that many chunks can be taken now; gets them from the system if need be. */
    public boolean ensure(int count) {
        if (count > free && count - free > limit - total) {
            return false;
        }
        while (free < count) {
            if (!grow()) {
                return false;
            }
        }
        return true;
    }

    /** How many chunks can be taken now, if the system has the memory. */
    public long available() {
        return free + limit - total;
    }

    /** Bytes of the chunks that are taken. */
    public long bytesInUse() {
        return (long) (total - free) * chunkSize;
    }

    /** Bytes held from the system. */
    public long bytesReserved() {
        return (long) total * chunkSize;
    }

    /** The most bytes that the pool will hold: what it was made with, or less once the system had no more. */
    public long maxBytes() {
        return limit * chunkSize;
    }

    /**
     * Returns wholly unused slabs to the system: as much as was free all the time since the last call, except for a spare of one slab or a quarter of what
     * is in use, whichever is more, so that a use that goes up and down does not get and return memory each time. To be called now and then, not per packet:
     * it looks at every free chunk.
     */
    public void trim() {
        long spare = Math.max(chunksPerSlab, (total - free) / 4);
        int lasting = fewestFree;
        fewestFree = free;
        int doomed = 0;
        for (Slab slab : slabs) {
            if (slab.free == slab.chunks && lasting - doomed - slab.chunks >= spare) {
                slab.doomed = true;
                doomed += slab.chunks;
            }
        }
        if (doomed == 0) {
            return;
        }
        int kept = 0;
        for (int i = 0; i < free; i++) {
            Chunk chunk = stack[i];
            if (chunk != null && !chunk.slab.doomed) {
                stack[kept++] = chunk;
            }
        }
        Arrays.fill(stack, kept, stack.length, null);
        free = kept;
        fewestFree = kept;
        total -= doomed;
        slabs.removeIf(slab -> {
            if (slab.doomed) {
                slab.arena.close();
            }
            return slab.doomed;
        });
    }

    /** Returns all memory to the system; no chunk may be touched afterwards and none taken. */
    @Override
    public void close() {
        for (Slab slab : slabs) {
            slab.arena.close();
        }
        slabs.clear();
        stack = new Chunk[0];
        total = 0;
        free = 0;
        limit = 0;
    }

    /** Gets one more slab; false if the limit is reached or the system has no memory left. */
    private boolean grow() {
        int chunks = (int) Math.min(chunksPerSlab, limit - total);
        if (chunks <= 0) {
            return false;
        }
        Slab slab;
        try {
            slab = Slab.allocate(chunks, stride);
        } catch (OutOfMemoryError e) {
            // The JDK looks for memory for half a second before it gives up; so do not try again for each packet.
            limit = total;
            return false;
        }
        slabs.add(slab);
        total += chunks;
        if (stack.length < total) {
            stack = Arrays.copyOf(stack, Math.max(total, (int) Math.min(2L * stack.length, limit)));
        }
        for (int i = chunks - 1; i >= 0; i--) { // the lowest address on top
            stack[free++] = new Chunk(slab, (long) i * stride);
        }
        slab.free = chunks;
        return true;
    }
}
