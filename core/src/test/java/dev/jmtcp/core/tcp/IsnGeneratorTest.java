package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Requirement;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IsnGeneratorTest {

    private static final long LOCAL = 0xffff_0a00_0001L;
    private static final long REMOTE = 0xffff_0a00_0002L;

    private final IsnGenerator generator = new IsnGenerator(new SplittableRandom(1));

    private int isn(long now) {
        return IsnGenerator.isn(generator.secret(0, LOCAL, 80, 0, REMOTE, 40000), now);
    }

    @Test
    @Requirement("MUST-9")
    void sipHash_messageOf40Bytes_isThatOfTheReference() {
        // key 00 01 .. 0f, message 00 01 .. 27, computed with OpenSSL's SIPHASH
        assertThat(SipHash.hash(
                        0x0706050403020100L,
                        0x0f0e0d0c0b0a0908L,
                        0x0706050403020100L,
                        0x0f0e0d0c0b0a0908L,
                        0x1716151413121110L,
                        0x1f1e1d1c1b1a1918L,
                        0x2726252423222120L))
                .isEqualTo(0x0e3ea96b5304a7d0L);
    }

    @Test
    @Requirement("MUST-9")
    void sipHash_messageOf16Bytes_isThatOfTheReference() {
        // key 00 01 .. 0f, message 00 01 .. 0f, computed with OpenSSL's SIPHASH
        assertThat(SipHash.hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, 0x0706050403020100L, 0x0f0e0d0c0b0a0908L))
                .isEqualTo(0x3f2acc7f57c29bdbL);
    }

    @Test
    @Requirement("MUST-8")
    void sameConnection_time_advancesByOneEach4Microseconds() {
        int first = isn(1_000_000);
        assertThat(isn(1_003_999)).isEqualTo(first);
        assertThat(isn(1_004_000)).isEqualTo(first + 1);
        assertThat(isn(1_000_000 + 4_000_000_000L)).isEqualTo(first + 1_000_000);
        assertThat(isn(1_000_000 + 4000L * (1L << 32))).isEqualTo(first);
        assertThat(isn(-1)).isEqualTo(isn(0) - 1);
    }

    @Test
    @Requirement("SHLD-1")
    void otherAddressOrPort_givesAnotherNumber() {
        Set<Integer> numbers = new HashSet<>();
        Set<Integer> offsets = new HashSet<>();
        long[][] connections = {
            {0, LOCAL, 80, 0, REMOTE, 40000},
            {1, LOCAL, 80, 0, REMOTE, 40000},
            {0, LOCAL + 1, 80, 0, REMOTE, 40000},
            {0, LOCAL, 81, 0, REMOTE, 40000},
            {0, LOCAL, 80, 1, REMOTE, 40000},
            {0, LOCAL, 80, 0, REMOTE + 1, 40000},
            {0, LOCAL, 80, 0, REMOTE, 40001},
            {0, REMOTE, 40000, 0, LOCAL, 80},
            {0, 1, 80, 0, 2, 40000},
            {0, 2, 80, 0, 1, 40000},
        };
        for (long[] c : connections) {
            long secret = generator.secret(c[0], c[1], (int) c[2], c[3], c[4], (int) c[5]);
            numbers.add(IsnGenerator.isn(secret, 0));
            offsets.add(IsnGenerator.timestampOffset(secret));
        }
        assertThat(numbers).hasSize(connections.length);
        assertThat(offsets).hasSize(connections.length);
    }

    @Test
    void timestampOffset_sameConnection_isAlwaysTheSame() {
        assertThat(IsnGenerator.timestampOffset(generator.secret(0, LOCAL, 80, 0, REMOTE, 40000)))
                .isEqualTo(IsnGenerator.timestampOffset(generator.secret(0, LOCAL, 80, 0, REMOTE, 40000)))
                .isNotEqualTo(isn(0));
    }

    @Test
    @Requirement("MUST-9")
    @Requirement("SHLD-1")
    void otherSecret_givesOtherNumbers() {
        IsnGenerator other = new IsnGenerator(new SplittableRandom(2));
        assertThat(IsnGenerator.isn(other.secret(0, LOCAL, 80, 0, REMOTE, 40000), 0))
                .isNotEqualTo(isn(0));
    }

    @Test
    void manyConnections_numbers_spreadOverTheWholeRange() {
        int[] buckets = new int[16];
        for (int port = 1024; port < 1024 + 16_000; port++) {
            buckets[IsnGenerator.isn(generator.secret(0, LOCAL, 80, 0, REMOTE, port), 0) >>> 28]++;
        }
        for (int bucket : buckets) {
            assertThat(bucket).isBetween(850, 1150);
        }
    }
}
