package dev.jmtcp.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class FrameBurstTest {

    @Test
    void newBurst_isEmpty() {
        var burst = new FrameBurst(2);

        assertThat(burst.capacity()).isEqualTo(2);
        assertThat(burst.count()).isZero();
        assertThat(burst.isFull()).isFalse();
        assertThat(burst.memory().byteSize()).isZero();
    }

    @Test
    void add_twoFrames_areKeptInOrder() {
        try (Arena arena = Arena.ofConfined()) {
            var burst = new FrameBurst(2);
            var memory = arena.allocate(4096);
            burst.begin(memory);
            burst.add(2048, 60, RxFlags.HASH_VALID, 0xdeadbeef);
            burst.add(0, 1514, RxFlags.TCP_CHECKSUM_GOOD, 0);

            assertThat(burst.memory()).isSameAs(memory);
            assertThat(burst.isFull()).isTrue();
            assertThat(burst.offset(0)).isEqualTo(2048);
            assertThat(burst.length(0)).isEqualTo(60);
            assertThat(burst.flags(0)).isEqualTo(RxFlags.HASH_VALID);
            assertThat(burst.hash(0)).isEqualTo(0xdeadbeef);
            assertThat(burst.offset(1)).isZero();
            assertThat(burst.length(1)).isEqualTo(1514);
            assertThat(burst.flags(1)).isEqualTo(RxFlags.TCP_CHECKSUM_GOOD);
        }
    }

    @Test
    void add_beyondCapacity_isRefusedAndCountsNothing() {
        var burst = new FrameBurst(1);
        burst.add(0, 60, 0, 0);

        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> burst.add(64, 60, 0, 0));
        assertThat(burst.count()).isEqualTo(1);
    }

    @Test
    void begin_filledBurst_empties() {
        var burst = new FrameBurst(1);
        burst.add(0, 60, 0, 0);
        burst.begin(burst.memory());

        assertThat(burst.count()).isZero();
        assertThat(burst.isFull()).isFalse();
    }

    @Test
    void capacity_belowOne_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new FrameBurst(0));
    }
}
