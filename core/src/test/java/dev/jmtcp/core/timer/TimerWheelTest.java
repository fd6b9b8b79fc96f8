package dev.jmtcp.core.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {

    private static final long TICK = 1L << TimerWheel.TICK_SHIFT;
    private static final long SECOND = 1_000_000_000L;

    private final List<Recorded> fired = new ArrayList<>();

    /** Notes that it has expired, and then does something. */
    private final class Recorded extends Timer {
        Runnable then = () -> {};

        @Override
        protected void expired(long now) {
            assertThat(isArmed()).isFalse();
            assertThat(now).isGreaterThanOrEqualTo(deadline());
            fired.add(this);
            then.run();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 12345678901L, -987654321L, Long.MIN_VALUE / 2})
    void armed_untilDeadline_expiresAtTheTickAfter(long origin) {
        TimerWheel wheel = new TimerWheel(origin);
        Recorded timer = new Recorded();
        wheel.schedule(timer, origin + TICK + 1);
        assertThat(timer.isArmed()).isTrue();
        assertThat(timer.deadline()).isEqualTo(origin + TICK + 1);
        assertThat(wheel.size()).isEqualTo(1);
        assertThat(wheel.nextDeadline()).isEqualTo(origin + 2 * TICK);
        assertThat(wheel.advance(origin + 2 * TICK - 1)).isZero();
        assertThat(wheel.advance(origin + 2 * TICK)).isEqualTo(1);
        assertThat(timer.isArmed()).isFalse();
        assertThat(wheel.size()).isZero();
        assertThat(wheel.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(fired).containsExactly(timer);
    }

    @Test
    void armed_deadlineOnATick_expiresExactlyThen() {
        TimerWheel wheel = new TimerWheel(7);
        Recorded timer = new Recorded();
        wheel.schedule(timer, 7 + 3 * TICK);
        assertThat(wheel.nextDeadline()).isEqualTo(7 + 3 * TICK);
        assertThat(wheel.advance(6 + 3 * TICK)).isZero();
        assertThat(wheel.advance(7 + 3 * TICK)).isEqualTo(1);
    }

    @Test
    void schedule_pastDeadline_expiresAtNextAdvanceEvenAtTheSameTime() {
        TimerWheel wheel = new TimerWheel(0);
        wheel.advance(SECOND);
        Recorded past = new Recorded();
        Recorded present = new Recorded();
        wheel.schedule(past, -5);
        wheel.schedule(present, SECOND);
        assertThat(wheel.nextDeadline()).isEqualTo(SECOND);
        assertThat(wheel.advance(SECOND)).isEqualTo(2);
        assertThat(fired).containsExactly(past, present);
    }

    @Test
    void expired_schedulesItselfForNow_waitsForTheNextAdvance() {
        TimerWheel wheel = new TimerWheel(0);
        Recorded timer = new Recorded();
        timer.then = () -> wheel.schedule(timer, 0);
        wheel.schedule(timer, 1);
        assertThat(wheel.advance(TICK)).isEqualTo(1);
        assertThat(wheel.advance(TICK)).isEqualTo(1);
        assertThat(wheel.size()).isEqualTo(1);
    }

    @Test
    void expired_cancelsAnotherDueTimer_thatDoesNotExpire() {
        TimerWheel wheel = new TimerWheel(0);
        Recorded first = new Recorded();
        Recorded second = new Recorded();
        Recorded third = new Recorded();
        wheel.schedule(first, 10);
        wheel.schedule(second, TICK + 10);
        wheel.schedule(third, 100 * TICK);
        first.then = () -> {
            wheel.cancel(second);
            wheel.schedule(third, 300 * TICK);
        };
        assertThat(wheel.advance(200 * TICK)).isEqualTo(1);
        assertThat(second.isArmed()).isFalse();
        assertThat(wheel.advance(299 * TICK)).isZero();
        assertThat(wheel.advance(300 * TICK)).isEqualTo(1);
        assertThat(fired).containsExactly(first, third);
    }

    @Test
    void expired_throws_theOthersExpireAtTheNextAdvance() {
        TimerWheel wheel = new TimerWheel(0);
        Recorded bad = new Recorded();
        Recorded good = new Recorded();
        bad.then = () -> {
            throw new IllegalArgumentException("bad");
        };
        wheel.schedule(bad, 10);
        wheel.schedule(good, 20 * TICK);
        assertThatThrownBy(() -> wheel.advance(30 * TICK)).hasMessage("bad");
        assertThat(wheel.nextDeadline()).isEqualTo(30 * TICK);
        assertThat(wheel.size()).isEqualTo(1);
        assertThat(wheel.advance(30 * TICK)).isEqualTo(1);
        assertThat(fired).containsExactly(bad, good);
    }

    @Test
    void schedule_laterAgainAndAgain_expiresOnceAtTheLast() {
        TimerWheel wheel = new TimerWheel(0);
        Recorded timer = new Recorded();
        for (int i = 1; i <= 1000; i++) {
            wheel.schedule(timer, i * TICK + 300 * TICK);
            assertThat(wheel.advance(i * TICK)).isZero();
            assertThat(wheel.nextDeadline()).isGreaterThan(i * TICK).isLessThanOrEqualTo(i * TICK + 300 * TICK);
        }
        assertThat(timer.deadline()).isEqualTo(1300 * TICK);
        assertThat(wheel.size()).isEqualTo(1);
        assertThat(wheel.advance(1300 * TICK - 1)).isZero();
        assertThat(wheel.nextDeadline()).isEqualTo(1300 * TICK);
        assertThat(wheel.advance(1300 * TICK)).isEqualTo(1);
    }

    @Test
    void schedule_earlier_expiresEarlier() {
        TimerWheel wheel = new TimerWheel(0);
        Recorded timer = new Recorded();
        wheel.schedule(timer, 300 * TICK);
        wheel.schedule(timer, 500 * TICK);
        wheel.schedule(timer, 400 * TICK);
        wheel.schedule(timer, 2 * TICK);
        assertThat(wheel.nextDeadline()).isEqualTo(2 * TICK);
        assertThat(wheel.advance(2 * TICK)).isEqualTo(1);
    }

    @Test
    void expired_putsOffAnotherDueTimer_thatDoesNotExpireNow() {
        TimerWheel wheel = new TimerWheel(0);
        Recorded first = new Recorded();
        Recorded second = new Recorded();
        wheel.schedule(first, TICK);
        wheel.schedule(second, 2 * TICK);
        first.then = () -> wheel.schedule(second, 9 * TICK);
        assertThat(wheel.advance(3 * TICK)).isEqualTo(1);
        assertThat(second.isArmed()).isTrue();
        assertThat(wheel.advance(9 * TICK)).isEqualTo(1);
    }

    @Test
    void cancel_unarmed_doesNothing() {
        TimerWheel wheel = new TimerWheel(0);
        Recorded timer = new Recorded();
        wheel.cancel(timer);
        wheel.schedule(timer, SECOND);
        wheel.cancel(timer);
        wheel.cancel(timer);
        assertThat(wheel.size()).isZero();
        assertThat(wheel.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(wheel.advance(2 * SECOND)).isZero();
    }

    @Test
    void advance_backwards_leavesTimeAlone() {
        TimerWheel wheel = new TimerWheel(0);
        wheel.advance(10 * SECOND);
        Recorded timer = new Recorded();
        wheel.schedule(timer, 5 * SECOND);
        assertThat(wheel.advance(SECOND)).isEqualTo(1);
        wheel.schedule(timer, 10 * SECOND + 1);
        assertThat(wheel.advance(SECOND)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1000 * SECOND, -1000 * SECOND, Long.MIN_VALUE / 2})
    void farDeadlines_jumpOfYears_expireInOrder(long origin) {
        TimerWheel wheel = new TimerWheel(origin);
        long year = 365L * 24 * 3600 * SECOND;
        Recorded[] timers = new Recorded[100];
        for (int i = 0; i < timers.length; i++) {
            timers[i] = new Recorded();
            wheel.schedule(timers[i], origin + (i + 1) * year);
        }
        Recorded never = new Recorded();
        wheel.schedule(never, Long.MAX_VALUE);
        assertThat(wheel.advance(origin + 50 * year + TICK)).isEqualTo(50);
        assertThat(wheel.advance(origin + 100 * year + TICK)).isEqualTo(50);
        assertThat(fired).containsExactly(timers);
        assertThat(never.isArmed()).isTrue();
        assertThat(wheel.nextDeadline()).isGreaterThan(origin + 100 * year);
    }

    @Test
    void nextDeadline_followedStepByStep_arrivesInFewSteps() {
        TimerWheel wheel = new TimerWheel(0);
        wheel.schedule(new Recorded(), 40L * 365 * 24 * 3600 * SECOND + 12345);
        int steps = 0;
        while (wheel.size() > 0 && steps < 100) {
            wheel.advance(wheel.nextDeadline());
            steps++;
        }
        assertThat(steps).isLessThanOrEqualTo(8);
        assertThat(fired).hasSize(1);
    }
}
