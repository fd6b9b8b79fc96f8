package dev.jmtcp.core.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteWindowTest {

    private static final int CHUNK = 64;

    private final ChunkPool pool = new ChunkPool(CHUNK, 64 * CHUNK);
    private final ByteWindow window = new ByteWindow(pool);
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment native1 = arena.allocate(1 << 16);

    @AfterEach
    void close() {
        arena.close();
        pool.close();
    }

    @Test
    void put_acrossChunks_isReadBack() {
        window.reset(1000);
        byte[] bytes = bytes(1000, 300);
        assertThat(window.put(1000, MemorySegment.ofArray(bytes), 0, 300)).isTrue();
        assertThat(window.end()).isEqualTo(1300);
        assertThat(read(1000, 300)).isEqualTo(bytes);
        assertThat(read(1100, 7)).isEqualTo(bytes(1100, 7));
        assertThat(window.bytesHeld()).isEqualTo(pool.bytesInUse()).isEqualTo(6 * CHUNK);
    }

    @Test
    void put_fromOffset_readsFromThere() {
        MemorySegment.copy(MemorySegment.ofArray(bytes(0, 100)), 0, native1, 500, 100);
        assertThat(window.put(0, native1, 500, 100)).isTrue();
        window.get(0, native1, 1000, 100);
        assertThat(native1.asSlice(1000, 100).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes(0, 100));
    }

    @Test
    void put_withHole_takesChunksOnlyWhereTouched() {
        window.reset(0);
        put(10 * CHUNK + 5, 3);
        assertThat(window.bytesHeld()).isEqualTo(CHUNK);
        put(0, 1);
        assertThat(window.bytesHeld()).isEqualTo(2 * CHUNK);
        assertThat(read(10 * CHUNK + 5, 3)).isEqualTo(bytes(10 * CHUNK + 5, 3));
        assertThatThrownBy(() -> window.memoryAt(5 * CHUNK)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void put_poolExhausted_changesNothing() {
        window.reset(0);
        put(0, 60 * CHUNK);
        assertThat(window.put(60 * CHUNK, native1, 0, 5 * CHUNK)).isFalse();
        assertThat(window.end()).isEqualTo(60 * CHUNK);
        assertThat(window.bytesHeld()).isEqualTo(60 * CHUNK);
        put(60 * CHUNK, 4 * CHUNK);
        assertThat(read(0, 64 * CHUNK)).isEqualTo(bytes(0, 64 * CHUNK));
    }

    @Test
    void putSome_poolNearlyExhausted_putsWhatFits() {
        window.reset(0);
        put(0, 60 * CHUNK + 10);
        MemorySegment more = MemorySegment.ofArray(bytes(60 * CHUNK + 10, 5 * CHUNK));
        assertThat(window.putSome(60 * CHUNK + 10, more, 0, 5 * CHUNK)).isEqualTo(4 * CHUNK - 10);
        assertThat(read(0, 64 * CHUNK)).isEqualTo(bytes(0, 64 * CHUNK));
        assertThat(window.putSome(64 * CHUNK, native1, 0, 1)).isZero();
        assertThat(window.end()).isEqualTo(64 * CHUNK);
        window.release(CHUNK);
        assertThat(window.putSome(64 * CHUNK, native1, 0, 0)).isZero();
        MemorySegment ten = MemorySegment.ofArray(bytes(64 * CHUNK, 10));
        assertThat(window.putSome(64 * CHUNK, ten, 0, 10)).isEqualTo(10);
        assertThat(read(64 * CHUNK, 10)).isEqualTo(bytes(64 * CHUNK, 10));
    }

    /** Where the window begins in the middle of a chunk. */
    @Test
    void putSome_poolExhausted_putsNothing() {
        window.reset(10);
        var other = new ByteWindow(pool);
        assertThat(other.put(0, native1, 0, 64 * CHUNK)).isTrue();
        assertThat(window.putSome(10, native1, 0, 100)).isZero();
        other.release(CHUNK);
        assertThat(window.putSome(10, native1, 0, 100)).isEqualTo(CHUNK - 10);
        other.clear();
    }

    @Test
    void release_midChunk_keepsThatChunk() {
        window.reset(0);
        put(0, 3 * CHUNK);
        window.release(CHUNK + 1);
        assertThat(window.base()).isEqualTo(CHUNK + 1);
        assertThat(window.bytesHeld()).isEqualTo(2 * CHUNK);
        assertThat(read(CHUNK + 1, 2 * CHUNK - 1)).isEqualTo(bytes(CHUNK + 1, 2 * CHUNK - 1));
        assertThatThrownBy(() -> window.offsetAt(CHUNK)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void release_upToTheEnd_holdsNothing() {
        window.reset(0);
        put(0, CHUNK + 10);
        window.release(CHUNK + 10);
        assertThat(window.bytesHeld()).isZero();
        assertThat(pool.bytesInUse()).isZero();
        put(CHUNK + 10, 5);
        assertThat(read(CHUNK + 10, 5)).isEqualTo(bytes(CHUNK + 10, 5));
    }

    @Test
    void release_beyondTheEnd_movesOn() {
        window.reset(0);
        put(0, 10);
        window.release(100 * CHUNK);
        assertThat(window.base()).isEqualTo(window.end()).isEqualTo(100 * CHUNK);
        assertThat(window.bytesHeld()).isZero();
        put(100 * CHUNK, 10);
        assertThat(window.bytesHeld()).isEqualTo(CHUNK);
    }

    @Test
    void releaseAll_withBytesAbove_holdsNothing() {
        window.reset(0);
        put(0, 10);
        put(50 * CHUNK, 10);
        window.releaseAll(10);
        assertThat(pool.bytesInUse()).isZero();
        assertThat(window.end()).isEqualTo(10);
    }

    @Test
    void clear_afterPut_continuesAtTheEnd() {
        window.reset(77);
        put(77, 100);
        window.clear();
        assertThat(pool.bytesInUse()).isZero();
        assertThat(window.base()).isEqualTo(177);
        put(177, 100);
        assertThat(read(177, 100)).isEqualTo(bytes(177, 100));
    }

    @Test
    void reset_toALowerBase_startsAnew() {
        window.reset(1L << 40);
        put(1L << 40, 40 * CHUNK);
        window.reset(5);
        assertThat(pool.bytesInUse()).isZero();
        put(5, 40 * CHUNK);
        assertThat(read(5, 40 * CHUNK)).isEqualTo(bytes(5, 40 * CHUNK));
    }

    @Test
    void put_below_isRefused() {
        window.reset(100);
        assertThatThrownBy(() -> window.put(99, native1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> window.release(99)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> window.releaseAll(99)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> window.reset(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(window.put(100, native1, 0, 0)).isTrue();
        assertThat(window.bytesHeld()).isZero();
    }

    @Test
    void reserve_thenWrittenDirectly_isReadBack() {
        window.reset(CHUNK - 4);
        assertThat(window.reserve(CHUNK - 4, 8)).isTrue();
        assertThat(window.contiguousAt(CHUNK - 4, 8)).isEqualTo(4);
        assertThat(window.contiguousAt(CHUNK, 4)).isEqualTo(4);
        byte[] bytes = bytes(CHUNK - 4, 8);
        for (int i = 0; i < 8; i++) {
            long at = (long) CHUNK - 4 + i;
            window.memoryAt(at).set(ValueLayout.JAVA_BYTE, window.offsetAt(at), bytes[i]);
        }
        assertThat(read(CHUNK - 4, 8)).isEqualTo(bytes);
    }

    /** Fills and empties at random beside an array of what was put; every position's byte is known, holes are marked. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomUse_besideArray_holdsTheSameBytes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int span = 1 << 20;
        byte[] content = new byte[span];
        boolean[] there = new boolean[span];
        byte[] source = new byte[4096];
        long start = random.nextLong(1L << 40);
        window.reset(start);
        int base = 0;
        while (base < span - 10_000) {
            int width = 1 << random.nextInt(1, 13);
            int position = base + random.nextInt(width);
            int length = random.nextInt(Math.min(width, 2000));
            fill(random, source, length);
            long heldBefore = window.bytesHeld();
            if (window.put(start + position, MemorySegment.ofArray(source), 0, length)) {
                System.arraycopy(source, 0, content, position, length);
                Arrays.fill(there, position, position + length, true);
            } else {
                assertThat(window.bytesHeld()).as("seed %d", seed).isEqualTo(heldBefore);
            }
            if (random.nextInt(3) == 0) {
                base += random.nextInt(width);
                window.release(start + base);
            }
            int at = base + random.nextInt(5000);
            int n = 0;
            while (n < 3000 && there[at + n]) {
                n++;
            }
            assertThat(read(start + at, n)).as("seed %d", seed).isEqualTo(Arrays.copyOfRange(content, at, at + n));
            assertThat(window.bytesHeld()).as("seed %d", seed).isEqualTo(pool.bytesInUse());
        }
        window.release(Math.max(window.end(), start + base));
        assertThat(pool.bytesInUse()).isZero();
    }

    private static void fill(SplittableRandom random, byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt();
        }
    }

    private void put(long position, int length) {
        assertThat(window.put(position, MemorySegment.ofArray(bytes(position, length)), 0, length))
                .isTrue();
    }

    private byte[] read(long position, int length) {
        byte[] bytes = new byte[length];
        window.get(position, MemorySegment.ofArray(bytes), 0, length);
        return bytes;
    }

    /** Bytes that tell their position. */
    private static byte[] bytes(long position, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ((position + i) * 31 >>> 3);
        }
        return bytes;
    }
}
