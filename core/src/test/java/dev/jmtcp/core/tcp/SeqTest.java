package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeqTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x8000_0001, 12345})
    void order_aroundAnyNumber_followsTheCircle(int a) {
        for (int step : new int[] {1, 2, 1000, Integer.MAX_VALUE}) {
            int b = a + step;
            assertThat(Seq.lessThan(a, b)).isTrue();
            assertThat(Seq.lessThan(b, a)).isFalse();
            assertThat(Seq.lessOrEqual(a, b)).isTrue();
            assertThat(Seq.lessOrEqual(b, a)).isFalse();
            assertThat(Seq.greaterThan(b, a)).isTrue();
            assertThat(Seq.greaterThan(a, b)).isFalse();
            assertThat(Seq.greaterOrEqual(b, a)).isTrue();
            assertThat(Seq.greaterOrEqual(a, b)).isFalse();
            assertThat(Seq.max(a, b)).isEqualTo(b);
            assertThat(Seq.max(b, a)).isEqualTo(b);
            assertThat(Seq.min(a, b)).isEqualTo(a);
            assertThat(Seq.min(b, a)).isEqualTo(a);
            assertThat(Seq.distance(b, a)).isEqualTo(step);
            assertThat(Seq.distance(a, b)).isEqualTo(-step);
        }
        assertThat(Seq.lessThan(a, a)).isFalse();
        assertThat(Seq.greaterThan(a, a)).isFalse();
        assertThat(Seq.lessOrEqual(a, a)).isTrue();
        assertThat(Seq.greaterOrEqual(a, a)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -5, Integer.MAX_VALUE - 3, Integer.MIN_VALUE})
    void inWindow_atItsEdges_includesStartExcludesEnd(int start) {
        assertThat(Seq.inWindow(start - 1, start, 10)).isFalse();
        assertThat(Seq.inWindow(start, start, 10)).isTrue();
        assertThat(Seq.inWindow(start + 9, start, 10)).isTrue();
        assertThat(Seq.inWindow(start + 10, start, 10)).isFalse();
        assertThat(Seq.inWindow(start, start, 0)).isFalse();
        assertThat(Seq.inWindow(start - 2, start, -1)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -5, Integer.MAX_VALUE - 3, Integer.MIN_VALUE})
    void between_atItsEdges_includesBoth(int low) {
        assertThat(Seq.between(low - 1, low, low + 10)).isFalse();
        assertThat(Seq.between(low, low, low + 10)).isTrue();
        assertThat(Seq.between(low + 10, low, low + 10)).isTrue();
        assertThat(Seq.between(low + 11, low, low + 10)).isFalse();
        assertThat(Seq.between(low, low, low)).isTrue();
    }
}
