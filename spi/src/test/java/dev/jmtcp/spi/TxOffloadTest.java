package dev.jmtcp.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TxOffloadTest {

    @Test
    void of_usualSegment_liesAsDrawn() {
        long offload = TxOffload.of(TxOffload.IPV4_CHECKSUM | TxOffload.TCP_SEGMENTATION, 14, 20, 32, 1448);

        assertThat(offload).isEqualTo(0x00_05a8_20_0014_0e_05L);
    }

    @Test
    void of_largestValues_doNotTouchEachOther() {
        long offload = TxOffload.of(0xff, 0xff, 0xffff, 0xff, 0xffff);

        assertThat(offload).isEqualTo(0x00ff_ffff_ffff_ffffL);
        assertThat(TxOffload.of(0, 0xff, 0, 0, 0)).isEqualTo(0xff00L);
        assertThat(TxOffload.of(0, 0, 0xffff, 0, 0)).isEqualTo(0xffff_0000L);
        assertThat(TxOffload.of(0, 0, 0, 0xff, 0)).isEqualTo(0xff_0000_0000L);
        assertThat(TxOffload.of(0, 0, 0, 0, 0xffff)).isEqualTo(0xff_ff00_0000_0000L);
    }

    @Test
    void fields_randomValues_comeBack() {
        long seed = 3;
        var random = new Random(seed);
        for (int round = 0; round < 1000; round++) {
            int flags = random.nextInt(1 << 8);
            int ethernet = random.nextInt(1 << 8);
            int ip = random.nextInt(1 << 16);
            int tcp = random.nextInt(1 << 8);
            int segment = random.nextInt(1 << 16);
            long offload = TxOffload.of(flags, ethernet, ip, tcp, segment);

            assertThat(new int[] {
                        TxOffload.flags(offload),
                        TxOffload.ethernetLength(offload),
                        TxOffload.ipLength(offload),
                        TxOffload.tcpLength(offload),
                        TxOffload.segmentSize(offload)
                    })
                    .as("seed %d, round %d", seed, round)
                    .containsExactly(flags, ethernet, ip, tcp, segment);
        }
    }

    @Test
    void none_isNoWork() {
        assertThat(TxOffload.flags(TxOffload.NONE)).isZero();
    }

    @Test
    void flags_areDistinctBits() {
        int[] flags = {TxOffload.IPV4_CHECKSUM, TxOffload.TCP_CHECKSUM, TxOffload.TCP_SEGMENTATION, TxOffload.IPV6};
        int all = 0;
        for (int flag : flags) {
            assertThat(Integer.bitCount(flag)).isEqualTo(1);
            all |= flag;
        }
        assertThat(Integer.bitCount(all)).isEqualTo(flags.length);
    }
}
