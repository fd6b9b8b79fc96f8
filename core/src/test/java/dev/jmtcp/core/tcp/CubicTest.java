package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CUBIC against the formulas of RFC 9438, in virtual time: each round trip every segment of the window is acknowledged. */
class CubicTest {

    private static final int SMSS = 1448;
    private static final long MS = 1_000_000L;
    private static final double BETA = 0.7;
    private static final double C = 0.4;

    private final Cubic cubic = new Cubic();
    private long now = 5_000_000_000L;

    @BeforeEach
    void begin() {
        cubic.reset(SMSS, 10 * SMSS);
    }

    /** Acknowledges a window of data evenly over a round trip. */
    private void roundTrip(long rtt, int segmentsPerAck) {
        int acks = Math.max(1, cubic.cwnd() / (SMSS * segmentsPerAck));
        long start = now;
        for (int i = 1; i <= acks; i++) {
            now = start + rtt * i / acks;
            cubic.onAck(SMSS * segmentsPerAck, rtt, rtt, now, true);
        }
    }

    private void lose() {
        cubic.onCongestion(cubic.cwnd(), now);
        cubic.onRecovered();
    }

    private double segments() {
        return (double) cubic.cwnd() / SMSS;
    }

    private static double wCubic(double t, double wMax, double start) {
        double k = Math.cbrt((wMax - start) / C);
        return C * Math.pow(t - k, 3) + wMax;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    @Requirement("MAY-18")
    void largeWindowLongRtt_afterLoss_followsTheCubicFunction(int segmentsPerAck) {
        long rtt = 100 * MS;
        cubic.setCwnd(1000 * SMSS);
        lose();
        double start = segments();
        assertThat(start).isCloseTo(700, within(0.1));
        cubic.onAck(SMSS, rtt, rtt, now, true); // congestion avoidance begins
        long begin = now;
        double k = Math.cbrt(300 / C);
        boolean concave = false;
        boolean convex = false;
        while (now < begin + 12_000 * MS) {
            roundTrip(rtt, segmentsPerAck);
            double t = (now - begin) / 1e9;
            // The window follows the target a round trip ahead, with a lag of about one.
            double low = wCubic(t - 0.05, 1000, 700);
            double high = wCubic(t + 0.15, 1000, 700);
            assertThat(segments()).as("after %.1f s", t).isBetween(low - 2, high + 2);
            concave |= t < k && segments() < 1000;
            convex |= t > k && segments() > 1000;
        }
        assertThat(concave).isTrue();
        assertThat(convex).isTrue();
    }

    @Test
    void loss_belowTheLastMaximum_remembersLess() {
        long rtt = 100 * MS;
        cubic.setCwnd(1000 * SMSS);
        lose();
        // Fast convergence: W_max = 700 * 0.85 = 595, start at 490.
        lose();
        assertThat(segments()).isCloseTo(490, within(0.1));
        cubic.onAck(SMSS, rtt, rtt, now, true);
        long begin = now;
        double k = Math.cbrt((595 - 490) / C);
        while (now < begin + (long) (k * 1e9)) {
            roundTrip(rtt, 1);
        }
        assertThat(segments()).isCloseTo(595, within(2.0));
    }

    @Test
    void loss_atTheLastMaximum_remembersTheWholeWindow() {
        long rtt = 100 * MS;
        cubic.setCwnd(500 * SMSS);
        lose();
        cubic.setCwnd(500 * SMSS);
        lose();
        cubic.onAck(SMSS, rtt, rtt, now, true);
        long begin = now;
        while (now < begin + (long) (Math.cbrt(150 / C) * 1e9)) {
            roundTrip(rtt, 1);
        }
        assertThat(segments()).isCloseTo(500, within(2.0));
    }

    @Test
    @Requirement("MAY-18")
    void smallWindowShortRtt_afterLoss_growsLikeStandardCongestionControl() {
        long rtt = MS;
        cubic.setCwnd(20 * SMSS);
        lose();
        double alpha = 3 * (1 - BETA) / (1 + BETA);
        double estimate = 14;
        for (int i = 0; i < 60; i++) {
            roundTrip(rtt, 1);
            // each round trip alpha segments; one whole once the window before the loss is reached
            estimate += estimate >= 20 ? 1 : alpha;
            assertThat(segments()).as("round trip %d", i).isCloseTo(estimate, within(1.5));
        }
        assertThat(segments()).isGreaterThan(60);
    }

    @Test
    void friendlyRegion_averageWindow_isNearThatOfNewReno() {
        // With the same loss rate, one per so many segments, in a network where CUBIC is in the Reno-friendly region.
        long rtt = 2 * MS;
        NewReno reno = new NewReno();
        reno.reset(SMSS, 10 * SMSS);
        int perLoss = 2000;
        double[] average = new double[2];
        CongestionControl[] controls = {cubic, reno};
        for (int which = 0; which < 2; which++) {
            CongestionControl control = controls[which];
            now = 0;
            int sinceLoss = 0;
            control.onCongestion(60 * SMSS, now);
            control.onRecovered();
            int rounds = 4000;
            for (int i = 0; i < rounds; i++) {
                int acks = control.cwnd() / SMSS;
                for (int k = 0; k < acks; k++) {
                    now += rtt / acks;
                    control.onAck(SMSS, rtt, rtt, now, true);
                    if (++sinceLoss == perLoss) {
                        sinceLoss = 0;
                        control.onCongestion(control.cwnd(), now);
                        control.onRecovered();
                    }
                }
                average[which] += (double) control.cwnd() / SMSS / rounds;
            }
        }
        assertThat(average[0] / average[1]).isBetween(0.85, 1.25);
    }

    @Test
    void slowStartEndsWithoutLoss_growsConvexFromThere() {
        long rtt = 100 * MS;
        cubic.setCwnd(200 * SMSS);
        cubic.ssthresh = 200 * SMSS; // as RFC 9406 would set it
        cubic.onAck(SMSS, rtt, rtt, now, true);
        long begin = now;
        while (now < begin + 6_000 * MS) {
            roundTrip(rtt, 1);
            double t = (now - begin) / 1e9;
            assertThat(segments())
                    .as("after %.1f s", t)
                    .isBetween(
                            Math.max(wCubic(t - 0.05, 200, 200), 200) - 2,
                            Math.max(wCubic(t + 0.15, 200, 200), 200 + 10 * t) + 2);
        }
        assertThat(segments()).isGreaterThan(280);
    }

    @Test
    void timeout_nextAvoidance_startsConvexWithoutK() {
        long rtt = 100 * MS;
        cubic.setCwnd(1000 * SMSS);
        cubic.onTimeout(1000 * SMSS, now);
        assertThat(cubic.cwnd()).isEqualTo(SMSS);
        assertThat(cubic.ssthresh()).isEqualTo((int) (1000 * SMSS * BETA));
        while (cubic.inSlowStart()) {
            roundTrip(rtt, 1);
        }
        long begin = now;
        double start = segments();
        assertThat(start).isBetween(699.0, 702.0);
        while (now < begin + 5_000 * MS) {
            roundTrip(rtt, 1);
        }
        // K = 0, so 0.4 * 5^3 = 50 segments more; along W_max = 1000 it would be over 250 more.
        assertThat(segments() - start).isBetween(45.0, 60.0);
    }

    @Test
    void applicationLimited_time_doesNotCount() {
        long rtt = 100 * MS;
        cubic.setCwnd(1000 * SMSS);
        lose();
        for (int i = 0; i < 10; i++) {
            roundTrip(rtt, 1);
        }
        int before = cubic.cwnd();
        for (int i = 0; i < 1000; i++) { // 100 s with little to send
            now += rtt;
            cubic.onAck(SMSS, rtt, rtt, now, false);
        }
        assertThat(cubic.cwnd()).isEqualTo(before);
        int growth = growthOfARoundTrip(rtt);
        assertThat(growth).isLessThan(30 * SMSS);
    }

    @Test
    void applicationLimited_nowAndThen_onlyUsedTimeCounts() {
        long rtt = 100 * MS;
        cubic.setCwnd(100 * SMSS);
        lose();
        cubic.onAck(SMSS, rtt, rtt, now, true);
        for (int i = 0; i < 100; i++) { // 1 ms in use after 190 ms not in use
            now += 190 * MS;
            cubic.onAck(SMSS, rtt, rtt, now, false);
            now += MS;
            cubic.onAck(SMSS, rtt, rtt, now, true);
        }
        // K = 4.2 s, so that in 0.1 s the window hardly moves; after 19 s it would be far beyond 100 segments
        assertThat(segments()).isBetween(70.0, 80.0);
    }

    @Test
    void idle_time_doesNotCount() {
        long rtt = 100 * MS;
        cubic.setCwnd(1000 * SMSS);
        lose();
        for (int i = 0; i < 10; i++) {
            roundTrip(rtt, 1);
        }
        int usual = growthOfARoundTrip(rtt);
        now += 3600_000 * MS;
        assertThat(growthOfARoundTrip(rtt)).isBetween(usual / 2, 3 * usual);
    }

    private int growthOfARoundTrip(long rtt) {
        int before = cubic.cwnd();
        roundTrip(rtt, 1);
        return cubic.cwnd() - before;
    }

    @Test
    void veryLongRtt_growth_isAtMostThatOfTheBoundedTargetUpToTheLargestWindow() {
        long rtt = 20_000 * MS;
        cubic.setCwnd(100 * SMSS);
        lose();
        int roundTrips = 0;
        while (cubic.cwnd() < 1 << 30) {
            int before = cubic.cwnd();
            roundTrip(rtt, 16);
            // half more for each window acknowledged: e^0.5 when each acknowledgement adds to the last
            assertThat(cubic.cwnd()).isBetween(before, (int) Math.min(before * 1.66, 1 << 30));
            assertThat(++roundTrips).isLessThan(100);
        }
        assertThat(roundTrips).isGreaterThan(15);
    }

    @Test
    void undo_afterSpuriousLoss_continuesTheOldCurve() {
        long rtt = 100 * MS;
        Cubic other = new Cubic();
        other.reset(SMSS, 10 * SMSS);
        for (Cubic control : new Cubic[] {cubic, other}) {
            control.setCwnd(1000 * SMSS);
            control.onCongestion(1000 * SMSS, 0);
            control.onRecovered();
        }
        for (int i = 1; i < 2000; i++) {
            cubic.onAck(SMSS, rtt, rtt, i * MS, true);
            other.onAck(SMSS, rtt, rtt, i * MS, true);
        }
        cubic.onCongestion(cubic.cwnd(), 2000 * MS);
        cubic.onRecovered();
        cubic.undo();
        assertThat(cubic.cwnd()).isEqualTo(other.cwnd());
        for (int i = 2000; i < 5000; i++) {
            cubic.onAck(SMSS, rtt, rtt, i * MS, true);
            other.onAck(SMSS, rtt, rtt, i * MS, true);
        }
        assertThat(cubic.cwnd()).isEqualTo(other.cwnd());
    }

    @Test
    void mssChange_inAvoidance_staysOnACurve() {
        long rtt = 100 * MS;
        cubic.setCwnd(1000 * SMSS);
        lose();
        for (int i = 0; i < 10; i++) {
            roundTrip(rtt, 1);
        }
        int before = cubic.cwnd();
        cubic.onMssChange(SMSS / 2);
        assertThat(cubic.cwnd()).isEqualTo(before / 2);
        cubic.onAck(SMSS, rtt, rtt, now, true);
        assertThat(cubic.cwnd()).isBetween(before / 2, before / 2 + SMSS);
    }
}
