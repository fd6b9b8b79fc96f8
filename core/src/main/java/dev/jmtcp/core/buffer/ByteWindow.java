package dev.jmtcp.core.buffer;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A moving window of the bytes of a stream, kept in chunks of a {@link ChunkPool} that are taken only where bytes were put: the send buffer of a
 * connection, without holes, and its receive buffer, with holes. Which bytes are there the owner knows. Belongs to the pool's thread. Allocates
 * nothing once its table has grown to the width of the window; holds no chunk while it holds no bytes.
 *
 * <p>Positions are counted in bytes of the stream in 64 bits, so they never wrap.
 *
 * <pre>
 *            base                                        end
 *   ... |.....#####|###########|...........|###........|###........|
 *        chunk 7    chunk 8     (hole)      chunk 10    chunk 11      chunk number = position / chunk size
 * </pre>
 */
public final class ByteWindow {

    private static final @Nullable Chunk[] NONE = new Chunk[0];

    private static final int FIRST_LENGTH = 4;

    /** A table up to this length is kept when the window is reset. */
    private static final int KEPT_LENGTH = 32;

    private final ChunkPool pool;

    /** The chunk size is 2 to this power. */
    private final int shift;

    /** The chunks; that with number n at n modulo the length, which is a power of two or 0. */
    private @Nullable Chunk[] chunks = NONE;

    /** How many chunks are held. */
    private int held;

    /** The lowest position that may be put or read. */
    private long base;

    /** The position after the highest byte put; not before {@link #base}. */
    private long end;

    /** An empty window with base 0. */
    public ByteWindow(ChunkPool pool) {
        this.pool = pool;
        this.shift = Integer.numberOfTrailingZeros(pool.chunkSize());
    }

    /** Makes it empty, with a new base, lower or higher; for the next connection. */
    public void reset(long newBase) {
        if (newBase < 0) {
            throw new IllegalArgumentException("negative base " + newBase);
        }
        giveAll();
        base = newBase;
        end = newBase;
    }

    /** Gives up the memory on the heap that an empty window has for having been large. */
    public void shrink() {
        if (held == 0 && chunks.length > KEPT_LENGTH) {
            chunks = NONE;
        }
    }

    /** Makes it empty; base becomes the end of what was put. */
    public void clear() {
        giveAll();
        base = end;
    }

    /** The lowest position that may be put or read. */
    public long base() {
        return base;
    }

    /** The position after the highest byte put; {@link #base} if there is none. */
    public long end() {
        return end;
    }

    /** Bytes of memory held from the pool: whole chunks. */
    public long bytesHeld() {
        return (long) held << shift;
    }

    /**
     * Copies bytes in, over what was there.
     *
     * @param position of the first byte, not below {@link #base}
     * @param src where they are; not kept
     * @param srcOffset of the first byte, in bytes
     * @return false if the pool has not enough chunks: then nothing has changed
     */
    public boolean put(long position, MemorySegment src, long srcOffset, int length) {
        if (!reserve(position, length)) {
            return false;
        }
        if (contiguousAt(position, length) == length) {
            if (length > 0) {
                Chunk chunk = chunkAt(position);
                MemorySegment.copy(src, srcOffset, chunk.memory, chunk.offset + inChunk(position), length);
            }
            return true;
        }
        long from = srcOffset;
        long to = position;
        int left = length;
        while (left > 0) {
            int n = contiguousAt(to, left);
            MemorySegment.copy(src, from, memoryAt(to), offsetAt(to), n);
            from += n;
            to += n;
            left -= n;
        }
        return true;
    }

    /**
     * Copies bytes in, over what was there: as many as the pool has memory for.
     *
     * @param position of the first byte, not below {@link #base}
     * @param src where they are; not kept
     * @param srcOffset of the first byte, in bytes
     * @return how many of {@code length}, from the first on
     */
    public int putSome(long position, MemorySegment src, long srcOffset, int length) {
        int most = length;
        while (most > 0 && !put(position, src, srcOffset, most)) {
            most = (int) Math.min(most - 1, roomAt(position)); // what the pool says is less than what has failed
        }
        return most;
    }

    /** How many bytes from a position on would find room: in the chunk that is there, and in those that the pool still has. */
    private long roomAt(long position) {
        long number = position >>> shift;
        boolean begun = number - (base >>> shift) < chunks.length && chunks[(int) number & chunks.length - 1] != null;
        long first = position & (1L << shift) - 1;
        return Math.max(0, (pool.available() + (begun ? 1 : 0) << shift) - first);
    }

    /**
     * Takes the chunks for a range of positions, so that its bytes can be written through {@link #memoryAt}. They count as put.
     *
     * @param position of the first byte, not below {@link #base}
     * @return false if the pool has not enough chunks: then nothing has changed
     */
    public boolean reserve(long position, int length) {
        if (position < base || length < 0) {
            throw new IllegalArgumentException(length + " bytes at " + position + ", base " + base);
        }
        if (length == 0) {
            return true;
        }
        long first = position >>> shift;
        long last = position + length - 1 >>> shift;
        if (last - (base >>> shift) >= chunks.length) {
            widen(last);
        }
        if (first == last) { // nearly always
            if (!holds(first) && !take(first)) {
                return false;
            }
        } else if (!takeMissing(first, last)) {
            return false;
        }
        end = Math.max(end, position + length);
        return true;
    }

    private boolean holds(long number) {
        return chunks[(int) number & chunks.length - 1] != null;
    }

    private boolean take(long number) {
        Chunk chunk = pool.take();
        if (chunk == null) {
            return false;
        }
        chunks[(int) number & chunks.length - 1] = chunk;
        held++;
        return true;
    }

    /** Takes the chunks of a range that are not held: all of them or none. */
    private boolean takeMissing(long first, long last) {
        int missing = 0;
        for (long n = first; n <= last; n++) {
            missing += holds(n) ? 0 : 1;
        }
        if (missing > 0 && !pool.ensure(missing)) {
            return false;
        }
        for (long n = first; n <= last; n++) {
            if (!holds(n)) {
                take(n);
            }
        }
        return true;
    }

    /**
     * Copies bytes out; they stay.
     *
     * @param position of the first byte
     * @param dst where they go
     * @param dstOffset of the first byte, in bytes
     * @throws IllegalStateException if nothing was put near one of them
     */
    public void get(long position, MemorySegment dst, long dstOffset, int length) {
        if (length > 0 && contiguousAt(position, length) == length) {
            Chunk chunk = chunkAt(position);
            MemorySegment.copy(chunk.memory, chunk.offset + inChunk(position), dst, dstOffset, length);
            return;
        }
        long from = position;
        long to = dstOffset;
        int left = length;
        while (left > 0) {
            int n = contiguousAt(from, left);
            MemorySegment.copy(memoryAt(from), offsetAt(from), dst, to, n);
            from += n;
            to += n;
            left -= n;
        }
    }

    /**
     * Lets go of all bytes below a position. The chunks wholly below go back to the pool; all of them if nothing was put at or above it.
     *
     * @param newBase not below {@link #base}
     */
    public void release(long newBase) {
        if (newBase < base) {
            throw new IllegalArgumentException("base " + base + " cannot go back to " + newBase);
        }
        if (newBase >= end) {
            releaseAll(newBase);
            return;
        }
        long first = base >>> shift;
        long last = newBase >>> shift;
        if (held > 0) {
            int mask = chunks.length - 1;
            for (long n = first; n < last; n++) { // fewer than the table is long, since newBase < end
                give((int) n & mask);
            }
        }
        base = newBase;
    }

    /**
     * Lets go of all bytes, also those above.
     *
     * @param newBase not below {@link #base}
     */
    public void releaseAll(long newBase) {
        if (newBase < base) {
            throw new IllegalArgumentException("base " + base + " cannot go back to " + newBase);
        }
        giveAll();
        base = newBase;
        end = newBase;
    }

    /**
     * The memory that holds a byte, see {@link #offsetAt} and {@link #contiguousAt}. Valid until the byte is released.
     *
     * @throws IllegalStateException if nothing was put near it
     */
    public MemorySegment memoryAt(long position) {
        return chunkAt(position).memory;
    }

    /**
     * Where in {@link #memoryAt} a byte is.
     *
     * @throws IllegalStateException if nothing was put near it
     */
    public long offsetAt(long position) {
        return chunkAt(position).offset + inChunk(position);
    }

    /** How many of {@code length} bytes from a position lie one after the other in {@link #memoryAt}. */
    public int contiguousAt(long position, int length) {
        int size = 1 << shift;
        return Math.min(length, size - ((int) position & size - 1));
    }

    private long inChunk(long position) {
        return position & (1L << shift) - 1;
    }

    private Chunk chunkAt(long position) {
        long number = position >>> shift;
        if (number - (base >>> shift) < chunks.length && position >= base) {
            Chunk chunk = chunks[(int) number & chunks.length - 1];
            if (chunk != null) {
                return chunk;
            }
        }
        throw new IllegalStateException("no byte at " + position + ", base " + base + ", end " + end);
    }

    /** Makes the table long enough to reach from the base to a chunk number. */
    private void widen(long last) {
        long first = base >>> shift;
        long need = last - first + 1;
        if (need > 1 << 30) {
            throw new IllegalArgumentException("window of " + need + " chunks");
        }
        int length = Math.max(chunks.length, FIRST_LENGTH);
        while (length < need) {
            length *= 2;
        }
        @Nullable Chunk[] wider = new Chunk[length];
        if (held > 0) {
            for (int i = 0; i < chunks.length; i++) {
                wider[(int) (first + i) & length - 1] = chunks[(int) (first + i) & chunks.length - 1];
            }
        }
        chunks = wider;
    }

    private void give(int index) {
        Chunk chunk = chunks[index];
        if (chunk != null) {
            chunks[index] = null;
            held--;
            pool.give(chunk);
        }
    }

    private void giveAll() {
        if (held > 0) {
            int mask = chunks.length - 1;
            long first = base >>> shift;
            long last = end - 1 >>> shift;
            for (long n = last; n >= first; n--) { // so that the lowest is taken first next time
                give((int) n & mask);
            }
        }
    }
}
