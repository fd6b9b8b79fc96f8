package dev.jmtcp.core.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkPoolTest {

    private static final int SIZE = 4096;
    private static final int SLAB = 256 << 10;

    @Test
    void fresh_holdsNothing() {
        try (ChunkPool pool = new ChunkPool(SIZE, 1 << 20)) {
            assertThat(pool.chunkSize()).isEqualTo(SIZE);
            assertThat(pool.bytesInUse()).isZero();
            assertThat(pool.bytesReserved()).isZero();
            assertThat(pool.maxBytes()).isEqualTo(1 << 20);
        }
    }

    @Test
    void take_upToTheLimit_givesDisjointWritableChunksThenNull() {
        int max = 3 * SLAB / 2;
        try (ChunkPool pool = new ChunkPool(SIZE, max + SIZE - 1)) {
            Set<Long> addresses = new HashSet<>();
            for (int i = 0; i < max / SIZE; i++) {
                Chunk chunk = pool.take();
                assertThat(addresses.add(chunk.memory().address() + chunk.offset()))
                        .isTrue();
                assertThat((chunk.memory().address() + chunk.offset()) % ChunkPool.LINE)
                        .isZero();
                chunk.memory().set(ValueLayout.JAVA_BYTE, chunk.offset() + SIZE - 1, (byte) i);
            }
            assertThat(pool.take()).isNull();
            assertThat(pool.bytesInUse()).isEqualTo(max);
            assertThat(pool.bytesReserved()).isEqualTo(max);
        }
    }

    @Test
    void chunks_ofASlab_beginAtDifferentPlacesOfTheCaches() {
        int sets = 64; // of the first-level cache of the processors of today
        try (ChunkPool pool = new ChunkPool(SIZE, 1 << 20)) {
            Set<Long> lines = new HashSet<>();
            for (int i = 0; i < sets; i++) {
                Chunk chunk = pool.take();
                lines.add((chunk.memory().address() + chunk.offset()) / ChunkPool.LINE % sets);
            }
            assertThat(lines).hasSize(sets);
        }
    }

    @Test
    void take_afterGive_givesTheLastOneBack() {
        try (ChunkPool pool = new ChunkPool(SIZE, 1 << 20)) {
            Chunk a = pool.take();
            Chunk b = pool.take();
            pool.give(a);
            pool.give(b);
            assertThat(pool.take()).isSameAs(b);
            assertThat(pool.take()).isSameAs(a);
        }
    }

    @Test
    void give_twice_isRefused() {
        try (ChunkPool pool = new ChunkPool(SIZE, 1 << 20)) {
            Chunk chunk = pool.take();
            pool.give(chunk);
            assertThatThrownBy(() -> pool.give(chunk)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void take_limitZero_isNull() {
        try (ChunkPool pool = new ChunkPool(SIZE, SIZE - 1)) {
            assertThat(pool.take()).isNull();
            assertThat(pool.bytesReserved()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 1 << 20})
    void take_extremeChunkSizes_works(int size) {
        try (ChunkPool pool = new ChunkPool(size, 2 << 20)) {
            Chunk chunk = pool.take();
            chunk.memory().set(ValueLayout.JAVA_BYTE, chunk.offset() + size - 1, (byte) 1);
            assertThat(pool.bytesInUse()).isEqualTo(size);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -4096, 32, 100, 2 << 20})
    void create_badChunkSize_isRefused(int size) {
        assertThatThrownBy(() -> new ChunkPool(size, 1 << 20).close()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ensure_withinAndBeyondTheLimit_tellsWhetherThatManyCanBeTaken() {
        try (ChunkPool pool = new ChunkPool(SIZE, 2 * SLAB)) {
            assertThat(pool.ensure(2 * SLAB / SIZE + 1)).isFalse();
            assertThat(pool.bytesReserved()).isZero();
            assertThat(pool.ensure(SLAB / SIZE + 1)).isTrue();
            assertThat(pool.bytesReserved()).isEqualTo(2 * SLAB);
            pool.take();
            assertThat(pool.ensure(2 * SLAB / SIZE)).isFalse();
            assertThat(pool.ensure(2 * SLAB / SIZE - 1)).isTrue();
        }
    }

    @Test
    void trim_allUnused_keepsOneSlabAsSpare() {
        try (ChunkPool pool = new ChunkPool(SIZE, 10 * SLAB)) {
            List<Chunk> taken = takeAll(pool);
            assertThat(pool.bytesReserved()).isEqualTo(10 * SLAB);
            pool.trim();
            assertThat(pool.bytesReserved()).isEqualTo(10 * SLAB);
            taken.forEach(pool::give);
            assertThat(pool.bytesReserved()).isEqualTo(10 * SLAB);
            pool.trim();
            assertThat(pool.bytesReserved()).isEqualTo(10 * SLAB); // all were in use since the last time
            pool.trim();
            assertThat(pool.bytesReserved()).isEqualTo(SLAB);
            assertThat(pool.bytesInUse()).isZero();
            assertThat(takeAll(pool)).hasSize(10 * SLAB / SIZE);
        }
    }

    @Test
    void trim_slabsPartlyUsed_keepsThem() {
        try (ChunkPool pool = new ChunkPool(SIZE, 4 * SLAB)) {
            List<Chunk> taken = takeAll(pool);
            List<Chunk> kept = new ArrayList<>();
            for (int i = 0; i < taken.size(); i++) {
                if (i % (SLAB / SIZE) == 5) {
                    kept.add(taken.get(i));
                    taken.get(i)
                            .memory()
                            .set(ValueLayout.JAVA_INT_UNALIGNED, taken.get(i).offset(), i);
                } else {
                    pool.give(taken.get(i));
                }
            }
            pool.trim();
            pool.trim();
            assertThat(pool.bytesReserved()).isEqualTo(4 * SLAB);
            pool.give(kept.removeFirst());
            pool.trim();
            pool.trim();
            assertThat(pool.bytesReserved()).isEqualTo(3 * SLAB);
            for (Chunk chunk : kept) {
                int i = taken.indexOf(chunk);
                assertThat(chunk.memory().get(ValueLayout.JAVA_INT_UNALIGNED, chunk.offset()))
                        .isEqualTo(i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomUse_takesGivesTrims_neverHandsOutAChunkTwice(long seed) {
        Random random = new Random(seed);
        try (ChunkPool pool = new ChunkPool(SIZE, 6 * SLAB)) {
            List<Chunk> taken = new ArrayList<>();
            Set<Long> addresses = new HashSet<>();
            for (int round = 0; round < 300; round++) {
                int target = random.nextInt(6 * SLAB / SIZE + 10);
                while (taken.size() < target) {
                    Chunk chunk = pool.take();
                    if (chunk == null) {
                        assertThat(taken).as("seed %d", seed).hasSize(6 * SLAB / SIZE);
                        break;
                    }
                    assertThat(addresses.add(chunk.memory().address() + chunk.offset()))
                            .as("seed %d", seed)
                            .isTrue();
                    taken.add(chunk);
                }
                if (random.nextBoolean()) {
                    Collections.shuffle(taken, random);
                }
                while (taken.size() > target) {
                    Chunk chunk = taken.removeLast();
                    addresses.remove(chunk.memory().address() + chunk.offset());
                    pool.give(chunk);
                }
                if (random.nextInt(3) == 0) {
                    pool.trim();
                }
                assertThat(pool.bytesInUse()).as("seed %d", seed).isEqualTo((long) taken.size() * SIZE);
                assertThat(pool.bytesReserved()).as("seed %d", seed).isBetween((long) taken.size() * SIZE, 6L * SLAB);
            }
        }
    }

    @Test
    void close_afterUse_givesNoMore() {
        ChunkPool pool = new ChunkPool(SIZE, 1 << 20);
        Chunk chunk = pool.take();
        pool.close();
        assertThat(pool.take()).isNull();
        assertThat(pool.bytesReserved()).isZero();
        assertThatThrownBy(() -> chunk.memory().get(ValueLayout.JAVA_BYTE, chunk.offset()))
                .isInstanceOf(IllegalStateException.class);
    }

    private static List<Chunk> takeAll(ChunkPool pool) {
        List<Chunk> taken = new ArrayList<>();
        for (Chunk chunk = pool.take(); chunk != null; chunk = pool.take()) {
            taken.add(chunk);
        }
        return taken;
    }
}
