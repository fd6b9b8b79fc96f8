package dev.jmtcp.bench.micro;

import dev.jmtcp.core.timer.Timer;
import dev.jmtcp.core.timer.TimerWheel;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The timer wheel: a deadline that moves back, one that is cancelled and set again, and one that passes. */
@State(Scope.Benchmark)
public class TimerBenchmark extends Timed {

    private static final long MILLISECOND = 1_000_000;
    private static final int MOST = 100_000;

    @Param({"1000", "100000"})
    private int timers;

    private final Alarm[] alarms = new Alarm[MOST];
    private final TimerWheel wheel = new TimerWheel(0);
    private final SplittableRandom random = new SplittableRandom(1);
    private long now;
    private int next;
    private long expired;

    private final class Alarm extends Timer {
        @Override
        protected void expired(long at) {
            expired++;
            wheel.schedule(this, at + 200 * MILLISECOND);
        }
    }

    /** Creates the state. */
    public TimerBenchmark() {
        for (int i = 0; i < MOST; i++) {
            alarms[i] = new Alarm();
        }
    }

    private Alarm alarm() {
        next = next + 1 == timers ? 0 : next + 1;
        return alarms[next];
    }

    @Benchmark
    public void moveBack() {
        now += 100;
        wheel.schedule(alarm(), now + 200 * MILLISECOND);
    }

    @Benchmark
    public void cancelAndSet() {
        now += 100;
        Alarm alarm = alarm();
        wheel.cancel(alarm);
        wheel.schedule(alarm, now + 200 * MILLISECOND + random.nextInt(1 << 24));
    }

    /** All timers expire again and again; the time is that of one. */
    @Benchmark
    public long expire() {
        if (wheel.size() < timers) {
            for (int i = 0; i < timers; i++) {
                wheel.schedule(alarms[i], now + random.nextLong(200 * MILLISECOND));
            }
        }
        long before = expired;
        while (expired == before) {
            now += 200 * MILLISECOND / timers;
            wheel.advance(now);
        }
        return expired;
    }
}
