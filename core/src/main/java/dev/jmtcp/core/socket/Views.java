package dev.jmtcp.core.socket;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory segments over the arrays and buffers that the owner of a stack reads into and writes from. Remembers the last few, so that who uses the same
 * ones again and again makes the JVM allocate nothing. Belongs to the stack's thread.
 */
final class Views {

    private static final int LENGTH = 8;

    private final @Nullable Object[] keys = new Object[LENGTH];
    private final @Nullable MemorySegment[] segments = new MemorySegment[LENGTH];

    /** Which one is forgotten next. */
    private int next;

    /** The memory of a buffer, from index 0 of its array or of itself: see {@link #offset}. */
    @SuppressWarnings("ByteBufferBackingArray") // offset() has the array's offset
    MemorySegment of(ByteBuffer buffer) {
        return buffer.hasArray() ? of(buffer.array()) : find(buffer);
    }

    MemorySegment of(byte[] array) {
        return find(array);
    }

    /** Where in the segment of {@link #of(ByteBuffer)} a buffer's position is. */
    static int offset(ByteBuffer buffer) {
        return buffer.hasArray() ? buffer.arrayOffset() + buffer.position() : buffer.position();
    }

    @SuppressWarnings("ReferenceEquality") // equal buffers may have different memory
    private MemorySegment find(Object key) {
        for (int i = 0; i < LENGTH; i++) {
            MemorySegment known = segments[i];
            if (keys[i] == key && known != null) {
                return known;
            }
        }
        MemorySegment made = key instanceof byte[] array
                ? MemorySegment.ofArray(array)
                : MemorySegment.ofBuffer(((ByteBuffer) key).duplicate().clear());
        keys[next] = key;
        segments[next] = made;
        next = (next + 1) % LENGTH;
        return made;
    }
}
