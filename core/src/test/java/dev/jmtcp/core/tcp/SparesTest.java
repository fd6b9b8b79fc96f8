package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SparesTest {

    private final Spares<Integer> spares = new Spares<>(40);

    @Test
    void empty_givesNothing() {
        assertThat(spares.take()).isNull();
        assertThat(spares.count()).isZero();
    }

    @Test
    void severalGiven_comeBackTheLastOneFirst() {
        for (int i = 0; i < 30; i++) {
            spares.give(i);
        }
        for (int i = 29; i >= 0; i--) {
            assertThat(spares.count()).isEqualTo(i + 1);
            assertThat(spares.take()).isEqualTo(i);
        }
        assertThat(spares.take()).isNull();
    }

    @Test
    void takenAndAnotherGiven_theOtherComesBack() {
        spares.give(1);
        assertThat(spares.take()).isEqualTo(1);
        spares.give(2);
        assertThat(spares.take()).isEqualTo(2);
    }

    @Test
    void moreGivenThanAreKept_theFirstOnesStay() {
        for (int i = 0; i < 100; i++) {
            spares.give(i);
        }
        assertThat(spares.count()).isEqualTo(40);
        assertThat(spares.take()).isEqualTo(39);
    }
}
