package dev.jmtcp.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RssTest {

    private static final byte[] KEY = Toeplitz.symmetricKey();

    @Test
    void queueOf_anyHash_isTheTableEntryOfItsLowBits() {
        var rss = new Rss(KEY, new int[] {3, 1, 0, 2});

        assertThat(rss.queueOf(0)).isEqualTo(3);
        assertThat(rss.queueOf(1)).isEqualTo(1);
        assertThat(rss.queueOf(0x7fff_fffe)).isZero();
        assertThat(rss.queueOf(-1)).isEqualTo(2);
        assertThat(rss.queueOf(Integer.MIN_VALUE)).isEqualTo(3);
    }

    @Test
    void roundRobin_namesTheQueuesInTurn() {
        assertThat(Rss.roundRobin(KEY, 8, 3).table()).containsExactly(0, 1, 2, 0, 1, 2, 0, 1);
    }

    @Test
    void arrays_changedLater_changeNothing() {
        byte[] key = KEY.clone();
        int[] table = {0, 1};
        var rss = new Rss(key, table);
        Arrays.fill(key, (byte) 0);
        table[0] = 1;
        Arrays.fill(rss.key(), (byte) 0);
        rss.table()[0] = 1;

        assertThat(rss.key()).isEqualTo(KEY);
        assertThat(rss.table()).containsExactly(0, 1);
        assertThat(rss.queueOf(0)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5, 127})
    void table_sizeNotAPowerOfTwo_isRefused(int size) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Rss(KEY, new int[size]));
    }

    @Test
    void key_tooShort_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Rss(new byte[39], new int[1]));
    }
}
