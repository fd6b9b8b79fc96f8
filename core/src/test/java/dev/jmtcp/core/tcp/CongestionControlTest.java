package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all algorithms have in common, and those that are there. */
class CongestionControlTest {

    private static final int SMSS = 1000;
    private static final long MS = 1_000_000L;

    private static CongestionControl fresh(String name) {
        CongestionControl control = CongestionControls.create(name);
        control.reset(SMSS, 10 * SMSS);
        return control;
    }

    private static void ack(CongestionControl control, int bytes) {
        control.onAck(bytes, 100 * MS, 100 * MS, 0, true);
    }

    @Test
    void create_eachName_works() {
        assertThat(CongestionControls.names()).contains("reno", "newreno", "cubic");
        for (String name : CongestionControls.names()) {
            assertThat(CongestionControls.create(name)).isNotSameAs(CongestionControls.create(name));
        }
        assertThat(CongestionControls.create("reno").name()).isEqualTo("newreno");
        assertThat(CongestionControls.create("cubic").name()).isEqualTo("cubic");
    }

    @Test
    void create_unknown_namesThoseThereAre() {
        assertThatThrownBy(() -> CongestionControls.create("vegas"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vegas")
                .hasMessageContaining("cubic, newreno, reno");
    }

    @ParameterizedTest
    @CsvSource({"536, 5360", "1095, 10950", "1460, 14600", "2190, 14600", "7300, 14600", "8960, 17920"})
    void initialWindow_anySegmentSize_isThatOfRfc6928(int smss, int window) {
        assertThat(CongestionControl.initialWindow(smss)).isEqualTo(window);
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void reset_startsSlowStartWithInitialWindow(String name) {
        CongestionControl control = fresh(name);
        assertThat(control.cwnd()).isEqualTo(10 * SMSS);
        assertThat(control.ssthresh()).isEqualTo(1 << 30);
        assertThat(control.inSlowStart()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void slowStart_ack_growsByWhatWasAckedUpToTwoSegments(String name) {
        CongestionControl control = fresh(name);
        ack(control, 300);
        assertThat(control.cwnd()).isEqualTo(10 * SMSS + 300);
        ack(control, 2 * SMSS);
        assertThat(control.cwnd()).isEqualTo(12 * SMSS + 300);
        ack(control, 5 * SMSS);
        assertThat(control.cwnd()).isEqualTo(14 * SMSS + 300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void slowStart_windowNotUsed_doesNotGrow(String name) {
        CongestionControl control = fresh(name);
        control.onAck(SMSS, 100 * MS, 100 * MS, 0, false);
        assertThat(control.cwnd()).isEqualTo(10 * SMSS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void slowStart_forever_staysWithinTheLargestWindow(String name) {
        CongestionControl control = fresh(name);
        control.reset(8960, 17920);
        for (int i = 0; i < 200_000; i++) {
            ack(control, 2 * 8960);
        }
        assertThat(control.cwnd()).isEqualTo(1 << 30);
    }

    @ParameterizedTest
    @CsvSource({"newreno, 0.5", "cubic, 0.7"})
    void congestion_thenRecovered_reducesByTheAlgorithmsFactor(String name, double beta) {
        CongestionControl control = fresh(name);
        control.onCongestion(100 * SMSS, 0);
        assertThat(control.ssthresh()).isEqualTo((int) (100 * SMSS * beta));
        assertThat(control.cwnd()).isEqualTo(10 * SMSS);
        control.setCwnd(7 * SMSS);
        assertThat(control.cwnd()).isEqualTo(7 * SMSS);
        control.onRecovered();
        assertThat(control.cwnd()).isEqualTo((int) (100 * SMSS * beta));
        assertThat(control.inSlowStart()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void congestion_tinyFlight_thresholdIsTwoSegments(String name) {
        CongestionControl control = fresh(name);
        control.onCongestion(SMSS, 0);
        assertThat(control.ssthresh()).isEqualTo(2 * SMSS);
    }

    @ParameterizedTest
    @CsvSource({"newreno, 0.5", "cubic, 0.7"})
    void timeout_windowIsOneSegment_slowStartUpToTheThreshold(String name, double beta) {
        CongestionControl control = fresh(name);
        control.onTimeout(20 * SMSS, 0);
        int threshold = (int) (20 * SMSS * beta);
        assertThat(control.cwnd()).isEqualTo(SMSS);
        assertThat(control.ssthresh()).isEqualTo(threshold);
        ack(control, 2 * SMSS);
        assertThat(control.cwnd()).isEqualTo(2 * SMSS); // RFC 3465 section 2.3: L = 1 after a timeout
        while (control.inSlowStart()) {
            ack(control, SMSS);
        }
        assertThat(control.cwnd()).isEqualTo(threshold);
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void timeout_again_keepsTheThreshold(String name) {
        CongestionControl control = fresh(name);
        control.onTimeout(20 * SMSS, 0);
        int threshold = control.ssthresh();
        control.onTimeout(SMSS, 0);
        assertThat(control.ssthresh()).isEqualTo(threshold);
        ack(control, SMSS);
        control.onTimeout(6 * SMSS, 0);
        assertThat(control.ssthresh()).isLessThan(threshold);
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void undo_afterTimeouts_restoresWhatWasBeforeTheFirst(String name) {
        CongestionControl control = fresh(name);
        control.onTimeout(10 * SMSS, 0);
        control.onTimeout(10 * SMSS, 0);
        control.undo();
        assertThat(control.cwnd()).isEqualTo(10 * SMSS);
        assertThat(control.ssthresh()).isEqualTo(1 << 30);
        control.undo();
        assertThat(control.cwnd()).isEqualTo(10 * SMSS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void undo_afterRecovery_restoresBoth(String name) {
        CongestionControl control = fresh(name);
        control.onCongestion(10 * SMSS, 0);
        control.onRecovered();
        control.undo();
        assertThat(control.cwnd()).isEqualTo(10 * SMSS);
        assertThat(control.ssthresh()).isEqualTo(1 << 30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void undo_windowLargerMeanwhile_changesNothing(String name) {
        CongestionControl control = fresh(name);
        control.onCongestion(10 * SMSS, 0);
        int threshold = control.ssthresh();
        control.setCwnd(11 * SMSS);
        control.undo();
        assertThat(control.cwnd()).isEqualTo(11 * SMSS);
        assertThat(control.ssthresh()).isEqualTo(threshold);
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void undo_nothingHappened_changesNothing(String name) {
        CongestionControl control = fresh(name);
        control.undo();
        assertThat(control.cwnd()).isEqualTo(10 * SMSS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void idle_longerThanATimeout_restartsWithTheInitialWindow(String name) {
        CongestionControl control = fresh(name);
        control.setCwnd(50 * SMSS);
        control.onIdle(200 * MS, 200 * MS);
        assertThat(control.cwnd()).isEqualTo(50 * SMSS);
        control.onIdle(201 * MS, 200 * MS);
        assertThat(control.cwnd()).isEqualTo(10 * SMSS);
        control.setCwnd(3 * SMSS);
        control.onIdle(201 * MS, 200 * MS);
        assertThat(control.cwnd()).isEqualTo(3 * SMSS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void mssChange_smaller_shrinksTheWindowInProportion(String name) {
        CongestionControl control = fresh(name);
        control.onMssChange(SMSS / 2);
        assertThat(control.cwnd()).isEqualTo(5 * SMSS);
        ack(control, 2 * SMSS);
        assertThat(control.cwnd()).isEqualTo(6 * SMSS);
        control.onMssChange(8 * SMSS);
        assertThat(control.cwnd()).isEqualTo(8 * SMSS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void setCwnd_outOfBounds_staysWithin(String name) {
        CongestionControl control = fresh(name);
        control.setCwnd(0);
        assertThat(control.cwnd()).isEqualTo(SMSS);
        control.setCwnd(Integer.MAX_VALUE);
        assertThat(control.cwnd()).isEqualTo(1 << 30);
    }

    @Test
    void newReno_avoidance_growsByASegmentForEachWindowAcked() {
        CongestionControl control = fresh("newreno");
        control.onCongestion(20 * SMSS, 0);
        control.onRecovered();
        assertThat(control.cwnd()).isEqualTo(10 * SMSS);
        for (int roundTrip = 0; roundTrip < 50; roundTrip++) {
            int before = control.cwnd();
            for (int acked = 0; acked < before; acked += SMSS) {
                assertThat(control.cwnd()).isEqualTo(before);
                ack(control, Math.min(SMSS, before - acked));
            }
            assertThat(control.cwnd()).isEqualTo(before + SMSS);
        }
    }

    @Test
    void newReno_avoidanceHugeAck_growsByOneSegment() {
        CongestionControl control = fresh("newreno");
        control.onCongestion(20 * SMSS, 0);
        control.onRecovered();
        ack(control, 1 << 30);
        assertThat(control.cwnd()).isEqualTo(11 * SMSS);
    }

    @Test
    void newReno_slowStartPastTheThreshold_restCountsForAvoidance() {
        CongestionControl control = fresh("newreno");
        control.onCongestion(20 * SMSS, 0);
        control.setCwnd(10 * SMSS - 500);
        ack(control, 2 * SMSS); // 500 to the threshold, 1500 of the 10000 acked for the next segment
        assertThat(control.cwnd()).isEqualTo(10 * SMSS);
        ack(control, 8499);
        assertThat(control.cwnd()).isEqualTo(10 * SMSS);
        ack(control, 1);
        assertThat(control.cwnd()).isEqualTo(11 * SMSS);
    }

    @Test
    void newReno_sawtooth_averageWindowFollowsTheLossRate() {
        // One loss per round of the sawtooth from W/2 to W: W^2 * 3/8 segments between losses (RFC 5681's AIMD(1,
        // 0.5)).
        CongestionControl control = fresh("newreno");
        int peak = 64 * SMSS;
        control.onCongestion(peak, 0);
        control.onRecovered();
        long acked = 0;
        while (control.cwnd() < peak) {
            ack(control, SMSS);
            acked++;
        }
        assertThat(acked).isBetween(64L * 64 * 3 / 8 - 64, 64L * 64 * 3 / 8 + 64);
    }
}
