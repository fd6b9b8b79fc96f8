package dev.jmtcp.core.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random use of a wheel beside a model that knows of each armed timer the tick at which it is due. */
class TimerWheelModelTest {

    private static final long TICK = 1L << TimerWheel.TICK_SHIFT;
    private static final int TIMERS = 150;

    /** In the model, the tick of timers scheduled too late. */
    private static final long AT_ONCE = Long.MIN_VALUE;

    private SplittableRandom random;
    private TimerWheel wheel;
    private long origin;
    private long now;
    private String seedText;

    /** Whether an armed timer is always cancelled before it is scheduled anew, so that none is put off. */
    private boolean cancelling;

    private final ModelTimer[] timers = new ModelTimer[TIMERS];

    /** The tick of each armed timer that is not to expire in this advance. */
    private final Map<ModelTimer, Long> waiting = new HashMap<>();

    /** The tick of each timer that is to expire in this advance. */
    private final Map<ModelTimer, Long> due = new HashMap<>();

    private long lastTick;

    private final class ModelTimer extends Timer {
        @Override
        protected void expired(long at) {
            assertThat(at).as(seedText).isEqualTo(now).isGreaterThanOrEqualTo(deadline());
            Long tick = due.remove(this);
            assertThat(tick).as(seedText).isNotNull().isGreaterThanOrEqualTo(lastTick);
            lastTick = tick;
            assertThat(isArmed()).as(seedText).isFalse();
            if (random.nextInt(3) == 0) {
                act();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void randomUse_besideModel_expiresTheSameInTheSameOrder(long seed) {
        seedText = "seed " + seed;
        random = new SplittableRandom(seed);
        origin = random.nextLong(-1L << random.nextInt(1, 60), 1L << random.nextInt(1, 60));
        now = origin;
        cancelling = seed % 2 == 0;
        wheel = new TimerWheel(now);
        for (int i = 0; i < TIMERS; i++) {
            timers[i] = new ModelTimer();
        }
        int expired = 0;
        for (int round = 0; round < 4000; round++) {
            for (int k = random.nextInt(10); k > 0; k--) {
                act();
            }
            checkSizeAndNextDeadline();
            now += step();
            long tick = now - origin >> TimerWheel.TICK_SHIFT;
            waiting.forEach((timer, at) -> {
                if (at <= tick) {
                    due.put(timer, at);
                }
            });
            waiting.keySet().removeAll(due.keySet());
            lastTick = AT_ONCE;
            expired += wheel.advance(now);
            assertThat(due).as(seedText).isEmpty();
        }
        assertThat(expired).isGreaterThan(2000);
    }

    /** Schedules or cancels any timer, in the wheel and in the model. */
    private void act() {
        ModelTimer timer = timers[random.nextInt(TIMERS)];
        due.remove(timer);
        waiting.remove(timer);
        if (random.nextInt(4) == 0) {
            wheel.cancel(timer);
            assertThat(timer.isArmed()).isFalse();
        } else {
            long deadline = now + random.nextLong(-1000, 1L << random.nextInt(1, 48));
            if (cancelling) {
                wheel.cancel(timer);
            }
            wheel.schedule(timer, deadline);
            waiting.put(timer, deadline <= now ? AT_ONCE : Math.ceilDiv(deadline - origin, TICK));
            assertThat(timer.isArmed()).isTrue();
            assertThat(timer.deadline()).isEqualTo(deadline);
        }
    }

    private void checkSizeAndNextDeadline() {
        assertThat(wheel.size()).as(seedText).isEqualTo(waiting.size());
        long next = wheel.nextDeadline();
        if (waiting.isEmpty()) {
            assertThat(next).isEqualTo(Long.MAX_VALUE);
            return;
        }
        long first = waiting.values().stream().min(Long::compare).orElseThrow();
        if (first == AT_ONCE) {
            assertThat(next).as(seedText).isEqualTo(now);
            return;
        }
        long exact = origin + first * TICK;
        assertThat(next).as(seedText).isGreaterThan(now).isLessThanOrEqualTo(exact);
        if (cancelling && first >> 6 == (now - origin >> TimerWheel.TICK_SHIFT) >> 6) { // at level 0
            assertThat(next).as(seedText).isEqualTo(exact);
        }
    }

    private long step() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextLong(TICK);
            case 1 -> wheel.size() == 0 ? 0 : Math.min(wheel.nextDeadline() - now, 1L << 50);
            case 2 -> wheel.size() == 0 ? 0 : Math.clamp(wheel.nextDeadline() - now - 1, 0, 1L << 50);
            default -> random.nextLong(1L << random.nextInt(1, 46));
        };
    }
}
