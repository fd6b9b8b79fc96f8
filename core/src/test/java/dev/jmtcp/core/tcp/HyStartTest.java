package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HyStart++: RFC 9406 section 4.2. */
class HyStartTest {

    private static final long MS = 1_000_000;
    private static final int ACKS = 10;

    private final HyStart hyStart = new HyStart();

    @BeforeEach
    void begin() {
        hyStart.reset();
        round(100, 1); // where the first round begins
    }

    /** So many ACKs of 1000 bytes with the same round trip, a whole round; whether slow start is to end. */
    private boolean round(long rtt, int acks) {
        boolean over = false;
        for (int i = 0; i < acks; i++) {
            over |= hyStart.onAck(rtt * MS, 1000, ACKS * 1000);
        }
        return over;
    }

    @Test
    void constantRoundTrips_slowStartGoesOn() {
        for (int i = 0; i < 20; i++) {
            assertThat(round(100, ACKS)).isFalse();
            assertThat(hyStart.divisor()).isEqualTo(1);
        }
    }

    /** An eighth of the round trip before is too much: conservative slow start, for five rounds, that one included. */
    @Test
    void roundTripsGrowLonger_slowsDownAndEnds() {
        round(100, ACKS);
        assertThat(round(113, ACKS)).isFalse();
        assertThat(hyStart.divisor()).isEqualTo(4);
        for (int i = 2; i <= 4; i++) {
            assertThat(round(113, ACKS)).as("round %d", i).isFalse();
        }
        assertThat(round(113, ACKS)).isTrue();
    }

    @Test
    void roundTripsGrowALittle_slowStartGoesOn() {
        round(100, ACKS);
        round(112, ACKS);
        assertThat(hyStart.divisor()).isEqualTo(1);
    }

    /** The threshold is 16 ms at most, and 4 ms at least. */
    @Test
    void threshold_isBounded() {
        round(1000, ACKS);
        round(1016, ACKS);
        assertThat(hyStart.divisor()).isEqualTo(4);
        hyStart.reset();
        round(1, 1);
        round(1, ACKS);
        round(4, ACKS);
        assertThat(hyStart.divisor()).isEqualTo(1);
        round(8, ACKS);
        assertThat(hyStart.divisor()).isEqualTo(4);
    }

    /** A round trip shorter again means that it was jitter: slow start as before. */
    @Test
    void roundTripShorterAgain_slowStartGoesOn() {
        round(100, ACKS);
        round(120, ACKS);
        assertThat(hyStart.divisor()).isEqualTo(4);
        round(110, ACKS);
        assertThat(hyStart.divisor()).isEqualTo(1);
    }

    /** Fewer than eight samples prove nothing. */
    @Test
    void fewSamples_slowStartGoesOn() {
        round(100, ACKS);
        for (int i = 0; i < ACKS; i++) {
            hyStart.onAck(i < 7 ? 200 * MS : 0, 1000, ACKS * 1000);
        }
        assertThat(hyStart.divisor()).isEqualTo(1);
    }
}
