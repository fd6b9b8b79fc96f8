package dev.jmtcp.core.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangesTest {

    @Test
    void add_apart_keepsThemSorted() {
        Ranges ranges = new Ranges(10);
        ranges.add(50, 60);
        ranges.add(10, 20);
        ranges.add(30, 40);
        assertThat(list(ranges)).containsExactly("10-20", "30-40", "50-60");
    }

    @Test
    void add_touchingOrOverlapping_joins() {
        Ranges ranges = new Ranges(10);
        ranges.add(10, 20);
        ranges.add(20, 30);
        assertThat(list(ranges)).containsExactly("10-30");
        ranges.add(5, 10);
        assertThat(list(ranges)).containsExactly("5-30");
        ranges.add(40, 50);
        ranges.add(60, 70);
        ranges.add(80, 90);
        ranges.add(45, 80);
        assertThat(list(ranges)).containsExactly("5-30", "40-90");
        ranges.add(50, 60);
        assertThat(list(ranges)).containsExactly("5-30", "40-90");
        ranges.add(0, 100);
        assertThat(list(ranges)).containsExactly("0-100");
    }

    @Test
    void add_beyondTheLimit_changesNothing() {
        Ranges ranges = new Ranges(2);
        assertThat(ranges.add(10, 20)).isTrue();
        assertThat(ranges.add(30, 40)).isTrue();
        assertThat(ranges.add(50, 60)).isFalse();
        assertThat(ranges.add(0, 5)).isFalse();
        assertThat(list(ranges)).containsExactly("10-20", "30-40");
        assertThat(ranges.add(40, 45)).isTrue();
        assertThat(ranges.add(20, 30)).isTrue();
        assertThat(list(ranges)).containsExactly("10-45");
        assertThat(ranges.add(50, 60)).isTrue();
    }

    @Test
    void add_empty_isRefused() {
        assertThatThrownBy(() -> new Ranges(2).add(5, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ranges(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void removeBelow_insideARange_cutsIt() {
        Ranges ranges = new Ranges(10);
        ranges.add(10, 20);
        ranges.add(30, 40);
        ranges.removeBelow(5);
        assertThat(list(ranges)).containsExactly("10-20", "30-40");
        ranges.removeBelow(15);
        assertThat(list(ranges)).containsExactly("15-20", "30-40");
        ranges.removeBelow(20);
        assertThat(list(ranges)).containsExactly("30-40");
        ranges.removeBelow(100);
        assertThat(ranges.count()).isZero();
    }

    @Test
    void contiguousEnd_everywhere_isTheEndOfTheRangeThere() {
        Ranges ranges = new Ranges(10);
        assertThat(ranges.contiguousEnd(7)).isEqualTo(7);
        ranges.add(10, 20);
        ranges.add(30, 40);
        assertThat(ranges.contiguousEnd(9)).isEqualTo(9);
        assertThat(ranges.contiguousEnd(10)).isEqualTo(20);
        assertThat(ranges.contiguousEnd(19)).isEqualTo(20);
        assertThat(ranges.contiguousEnd(20)).isEqualTo(20);
        assertThat(ranges.contiguousEnd(29)).isEqualTo(29);
        assertThat(ranges.contiguousEnd(35)).isEqualTo(40);
        assertThat(ranges.contiguousEnd(41)).isEqualTo(41);
    }

    @Test
    void firstWithin_everywhere_isTheFirstInCommon() {
        Ranges ranges = new Ranges(10);
        assertThat(ranges.firstWithin(0, 100)).isEqualTo(-1);
        ranges.add(10, 20);
        ranges.add(30, 40);
        assertThat(ranges.firstWithin(0, 10)).isEqualTo(-1);
        assertThat(ranges.firstWithin(0, 11)).isZero();
        assertThat(ranges.firstWithin(19, 35)).isZero();
        assertThat(ranges.firstWithin(20, 30)).isEqualTo(-1);
        assertThat(ranges.firstWithin(20, 31)).isEqualTo(1);
        assertThat(ranges.firstWithin(39, 50)).isEqualTo(1);
        assertThat(ranges.firstWithin(40, 50)).isEqualTo(-1);
    }

    @Test
    void nextStart_everywhere_isTheNextBeginning() {
        Ranges ranges = new Ranges(10);
        assertThat(ranges.nextStart(7)).isEqualTo(Long.MAX_VALUE);
        ranges.add(10, 20);
        ranges.add(30, 40);
        assertThat(ranges.nextStart(7)).isEqualTo(10);
        assertThat(ranges.nextStart(10)).isEqualTo(10);
        assertThat(ranges.nextStart(11)).isEqualTo(30);
        assertThat(ranges.nextStart(20)).isEqualTo(30);
        assertThat(ranges.nextStart(30)).isEqualTo(30);
        assertThat(ranges.nextStart(31)).isEqualTo(Long.MAX_VALUE);
        assertThat(ranges.nextStart(41)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void recent_afterSeveralAdds_isLatestFirst() {
        Ranges ranges = new Ranges(10);
        ranges.add(50, 60);
        ranges.add(10, 20);
        ranges.add(30, 40);
        ranges.add(60, 65);
        assertThat(recent(ranges)).containsExactly("50-65", "30-40", "10-20");
        ranges.add(40, 50);
        assertThat(recent(ranges)).containsExactly("30-65", "10-20");
        ranges.add(15, 17);
        assertThat(recent(ranges)).containsExactly("10-20", "30-65");
        ranges.removeBelow(20);
        assertThat(recent(ranges)).containsExactly("30-65");
        assertThatThrownBy(() -> ranges.recent(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void clear_afterUse_isEmptyAndUsable() {
        Ranges ranges = new Ranges(100);
        for (int i = 0; i < 100; i++) {
            ranges.add(10 * i, 10 * i + 1);
        }
        ranges.clear();
        assertThat(ranges.count()).isZero();
        ranges.add(3, 4);
        assertThat(list(ranges)).containsExactly("3-4");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomUse_besideBitSet_holdsTheSame(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int limit = random.nextInt(1, 20);
        Ranges ranges = new Ranges(limit);
        BitSet model = new BitSet();
        List<Integer> order = new ArrayList<>(); // first positions added, latest last
        for (int round = 0; round < 3000; round++) {
            int start = random.nextInt(400);
            int end = start + random.nextInt(1, 1 << random.nextInt(1, 7));
            if (random.nextInt(20) == 0) {
                ranges.removeBelow(start);
                model.clear(0, start);
            } else {
                BitSet wanted = (BitSet) model.clone();
                wanted.set(start, end);
                boolean fits = runs(wanted).size() <= limit;
                assertThat(ranges.add(start, end)).as("seed %d", seed).isEqualTo(fits);
                if (fits) {
                    model = wanted;
                    order.add(start);
                }
            }
            assertThat(list(ranges)).as("seed %d", seed).isEqualTo(runs(model));
            for (int p = 0; p < 500; p += random.nextInt(1, 50)) {
                assertThat(ranges.contiguousEnd(p)).as("seed %d", seed).isEqualTo(model.nextClearBit(p));
            }
            if (ranges.count() > 0) {
                int latest = order.getLast();
                int i = ranges.recent(0);
                assertThat(model.get(latest) && (ranges.start(i) > latest || ranges.end(i) <= latest))
                        .as("seed %d", seed)
                        .isFalse();
            }
            if (random.nextInt(300) == 0) {
                ranges.clear();
                model.clear();
            }
        }
    }

    private static List<String> list(Ranges ranges) {
        List<String> list = new ArrayList<>();
        for (int i = 0; i < ranges.count(); i++) {
            list.add(ranges.start(i) + "-" + ranges.end(i));
        }
        return list;
    }

    private static List<String> recent(Ranges ranges) {
        List<String> list = new ArrayList<>();
        for (int k = 0; k < ranges.count(); k++) {
            int i = ranges.recent(k);
            list.add(ranges.start(i) + "-" + ranges.end(i));
        }
        return list;
    }

    private static List<String> runs(BitSet set) {
        List<String> list = new ArrayList<>();
        for (int from = set.nextSetBit(0); from >= 0; from = set.nextSetBit(from)) {
            int to = set.nextClearBit(from);
            list.add(from + "-" + to);
            from = to;
        }
        return list;
    }
}
