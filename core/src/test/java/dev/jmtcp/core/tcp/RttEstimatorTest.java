package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.testsupport.Requirement;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RttEstimatorTest {

    private static final long MS = 1_000_000L;
    private static final long SECOND = 1000 * MS;
    private static final long G = 1 << 16;

    private final RttEstimator estimator = new RttEstimator();

    @Test
    void fresh_rto_isOneSecond() {
        assertThat(estimator.rto()).isEqualTo(SECOND);
        assertThat(estimator.smoothedRtt()).isZero();
        assertThat(estimator.variation()).isZero();
        assertThat(estimator.minRtt()).isZero();
    }

    @Test
    void firstSample_setsAverageAndHalfOfItAsVariation() {
        estimator.sample(100 * MS);
        assertThat(estimator.smoothedRtt()).isEqualTo(100 * MS);
        assertThat(estimator.variation()).isEqualTo(50 * MS);
        assertThat(estimator.rto()).isEqualTo(300 * MS);
        assertThat(estimator.minRtt()).isEqualTo(100 * MS);
    }

    @Test
    void secondSample_weighsVariationWithTheOldAverage() {
        estimator.sample(800 * MS);
        estimator.sample(1600 * MS);
        assertThat(estimator.variation()).isEqualTo(400 * MS * 3 / 4 + 800 * MS / 4);
        assertThat(estimator.smoothedRtt()).isEqualTo(900 * MS);
        assertThat(estimator.rto()).isEqualTo(900 * MS + 4 * 500 * MS);
        assertThat(estimator.minRtt()).isEqualTo(800 * MS);
    }

    @Test
    void steadySamples_variationVanishes_rtoKeepsTheGranularity() {
        RttEstimator fine = new RttEstimator(1, 60 * SECOND, SECOND);
        for (int i = 0; i < 500; i++) {
            fine.sample(10 * MS);
        }
        assertThat(fine.smoothedRtt()).isEqualTo(10 * MS);
        assertThat(fine.rto()).isEqualTo(10 * MS + G);
    }

    @Test
    void shortRtt_rto_isTheMinimum() {
        estimator.sample(MS);
        assertThat(estimator.rto()).isEqualTo(200 * MS);
    }

    @Test
    void longRtt_rto_isTheMaximum() {
        estimator.sample(100 * SECOND);
        assertThat(estimator.rto()).isEqualTo(60 * SECOND);
    }

    @Test
    void zeroSample_countsAsMeasured() {
        estimator.sample(0);
        assertThat(estimator.smoothedRtt()).isPositive();
        assertThat(estimator.rto()).isEqualTo(200 * MS);
    }

    @Test
    void badSample_isRefused() {
        assertThatThrownBy(() -> estimator.sample(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> estimator.sample(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void backOff_repeated_doublesUpToTheMaximum() {
        for (long expected = 2; expected <= 32; expected *= 2) {
            estimator.backOff();
            assertThat(estimator.rto()).isEqualTo(expected * SECOND);
        }
        estimator.backOff();
        estimator.backOff();
        assertThat(estimator.rto()).isEqualTo(60 * SECOND);
        estimator.clearBackOff();
        assertThat(estimator.rto()).isEqualTo(SECOND);
    }

    @Test
    void sample_afterBackOff_clearsIt() {
        estimator.sample(100 * MS);
        estimator.backOff();
        assertThat(estimator.rto()).isEqualTo(600 * MS);
        estimator.sample(100 * MS);
        assertThat(estimator.rto()).isEqualTo(100 * MS + 4 * 50 * MS * 3 / 4);
    }

    @Test
    void synTimedOut_untilASample_rtoForDataIsThreeSeconds() {
        estimator.backOff();
        estimator.synTimedOut();
        assertThat(estimator.rto()).isEqualTo(2 * SECOND);
        estimator.clearBackOff();
        assertThat(estimator.rto()).isEqualTo(3 * SECOND);
        estimator.sample(100 * MS);
        assertThat(estimator.rto()).isEqualTo(300 * MS);
        estimator.reset();
        assertThat(estimator.rto()).isEqualTo(SECOND);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 100})
    void manySamplesPerRoundTrip_eachWeighsLess_averageOverARoundTripIsThatOfOne(int samples) {
        RttEstimator single = new RttEstimator();
        estimator.sample(100 * MS);
        single.sample(100 * MS);
        for (int roundTrip = 0; roundTrip < 20; roundTrip++) {
            single.sample(200 * MS);
            for (int i = 0; i < samples; i++) {
                estimator.sample(200 * MS, samples);
            }
        }
        // (1 - 1/8n)^n is nearly 1 - 1/8
        assertThat((double) estimator.smoothedRtt())
                .isBetween(0.98 * single.smoothedRtt(), 1.02 * single.smoothedRtt());
        // RFC 7323 appendix G
        long before = estimator.smoothedRtt();
        estimator.sample(500 * MS, samples);
        assertThat(estimator.smoothedRtt()).isEqualTo(before + (500 * MS - before) / (8L * samples));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @Requirement("MUST-18")
    void randomSamples_besideRfc6298InDoubles_differByLittle(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double srtt = 0;
        double rttvar = 0;
        for (int i = 0; i < 5000; i++) {
            long r = random.nextLong(1, 1L << random.nextInt(20, 34));
            if (i == 0) {
                srtt = r;
                rttvar = r / 2.0;
            } else {
                rttvar = 0.75 * rttvar + 0.25 * Math.abs(srtt - r);
                srtt = 0.875 * srtt + 0.125 * r;
            }
            estimator.sample(r);
            double rto = Math.clamp(srtt + Math.max(G, 4 * rttvar), 200 * MS, 60 * SECOND);
            assertThat((double) estimator.rto()).as("seed %d", seed).isBetween(rto - 200, rto + 200);
        }
    }

    @Test
    void badLimits_areRefused() {
        assertThatThrownBy(() -> new RttEstimator(0, SECOND, SECOND)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RttEstimator(2 * SECOND, SECOND, SECOND))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RttEstimator(MS, 121 * SECOND, SECOND))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RttEstimator(MS, SECOND, 2 * SECOND)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new RttEstimator(MS, 120 * SECOND, MS).rto()).isEqualTo(MS);
    }
}
