package dev.jmtcp.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A wire between threads: nothing is lost, doubled, out of order or changed, and nobody sleeps through a frame. */
class TwoThreadsTest {

    private static final int FRAMES = 100_000;
    private static final long SEED = 99;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void bothWays_smallRing_framesAreWholeAndInOrder() throws Exception {
        try (var wire = Wire.create(WireConfig.DEFAULT.withRing(64).withPlaces(2))) {
            var a = wire.open("a", System::nanoTime);
            var b = wire.open("b", System::nanoTime);
            Future<?> left = threads.submit(hammer(a.queue(0), b.port().mac(), false, 0));
            Future<?> right = threads.submit(hammer(b.queue(0), a.port().mac(), false, 0));
            left.get(100, TimeUnit.SECONDS);
            right.get(100, TimeUnit.SECONDS);
            assertThat(a.statistics(0).drops()).isEmpty();
            assertThat(a.statistics(0).rxPackets()).isEqualTo(FRAMES);
            assertThat(a.statistics(0).txBytes()).isEqualTo(b.statistics(0).rxBytes());
        }
    }

    /** Whoever has nothing to do rests until it is woken: were a wakeup lost, this would take hours. */
    @Test
    void bothWays_restingWhenIdle_noWakeupIsLost() throws Exception {
        try (var wire = Wire.create(WireConfig.DEFAULT.withRing(64).withPlaces(2))) {
            var a = wire.open("a", System::nanoTime);
            var b = wire.open("b", System::nanoTime);
            Future<?> left = threads.submit(hammer(a.queue(0), b.port().mac(), true, 0));
            Future<?> right = threads.submit(hammer(b.queue(0), a.port().mac(), true, 0));
            left.get(100, TimeUnit.SECONDS);
            right.get(100, TimeUnit.SECONDS);
        }
    }

    @Test
    void pingPong_restingInBetween_noWakeupIsLost() throws Exception {
        try (var wire = Wire.create(WireConfig.DEFAULT.withPlaces(2))) {
            var a = wire.open("a", System::nanoTime);
            var b = wire.open("b", System::nanoTime);
            Future<?> echo = threads.submit(pingPong(b.queue(0), a.port().mac(), false));
            threads.submit(pingPong(a.queue(0), b.port().mac(), true)).get(100, TimeUnit.SECONDS);
            echo.get(100, TimeUnit.SECONDS);
        }
    }

    @Test
    void portsComeAndGo_whileOthersExchangeFrames_disturbNobody() throws Exception {
        try (var wire = Wire.create(WireConfig.DEFAULT.withRing(64).withPlaces(4))) {
            var a = wire.open("a", System::nanoTime);
            var b = wire.open("b", System::nanoTime);
            Future<Integer> left = threads.submit(hammer(a.queue(0), b.port().mac(), false, 200));
            Future<Integer> right = threads.submit(hammer(b.queue(0), a.port().mac(), false, 0));
            for (int visits = 0; visits < 200; ) {
                // A place is free again only once both have noticed, so opening may fail for a moment.
                try (var guest = wire.open("guest", System::nanoTime)) {
                    Frames.put(guest.queue(0), 0, a.port().mac(), Long.MIN_VALUE, 60);
                    guest.queue(0).flush();
                    visits++;
                } catch (PacketIoException e) {
                    assertThat(e).hasMessageContaining("places");
                    LockSupport.parkNanos(1_000);
                }
            }
            assertThat(left.get(100, TimeUnit.SECONDS)).isEqualTo(200);
            assertThat(right.get(100, TimeUnit.SECONDS)).isZero();
        }
    }

    @Test
    void close_whileAnotherThreadRests_leavesThePlaceToTheNext() throws Exception {
        try (var wire = Wire.create(WireConfig.DEFAULT.withRing(64).withPlaces(2))) {
            var sender = wire.open("a", System::nanoTime);
            for (int round = 0; round < 300; round++) {
                var io = wire.open("b", System::nanoTime);
                PacketQueue queue = io.queue(0);
                Future<?> resting = threads.submit(() -> {
                    while (true) {
                        queue.await(TimeUnit.HOURS.toNanos(1));
                    }
                });
                // Frames keep it falling asleep and waking up.
                for (int i = 0; i < round % 10; i++) {
                    Frames.send(sender.queue(0), io.port().mac(), i);
                }
                io.close();
                assertThatThrownBy(() -> resting.get(60, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("the driver is closed");
                sender.queue(0).receive(0, new FrameBurst(1));
            }
        }
    }

    /**
     * Sends numbered frames of random length and receives those of the other side, in random turns, until it has seen all and as many of guests as
     * it is to see; how many that were.
     */
    private static Callable<Integer> hammer(PacketQueue queue, MacAddress other, boolean resting, int guests) {
        return () -> {
            var random = new SplittableRandom(SEED);
            var burst = new FrameBurst(24);
            long sent = 0;
            long received = 0;
            int fromGuests = 0;
            while (sent < FRAMES || received < FRAMES || fromGuests < guests || queue.flush() > 0) {
                for (int i = random.nextInt(20); i > 0 && sent < FRAMES; i--) {
                    if (!Frames.put(queue, 0, other, sent, 60 + (int) (sent % 97))) {
                        break;
                    }
                    sent++;
                }
                int left = queue.flush();
                int count = queue.receive(0, burst);
                for (int i = 0; i < count; i++) {
                    long number = Frames.number(burst, i);
                    if (number == Long.MIN_VALUE) {
                        fromGuests++;
                        continue;
                    }
                    if (number != received || burst.length(i) != 60 + (int) (received % 97)) {
                        throw new AssertionError("frame " + number + " of " + burst.length(i) + " bytes instead of "
                                + received + "; seed " + SEED);
                    }
                    received++;
                }
                if (count == 0) {
                    if (resting && (left > 0 || sent == FRAMES && received < FRAMES)) {
                        queue.await(TimeUnit.HOURS.toNanos(1));
                    } else {
                        LockSupport.parkNanos(1_000);
                    }
                }
            }
            return fromGuests;
        };
    }

    private static Callable<Void> pingPong(PacketQueue queue, MacAddress other, boolean first) {
        return () -> {
            var burst = new FrameBurst(2);
            long next = 0;
            if (first) {
                Frames.send(queue, other, next++);
            }
            while (next < 50_000) {
                while (queue.receive(0, burst) == 0) {
                    queue.await(TimeUnit.HOURS.toNanos(1));
                }
                assertThat(burst.count()).isEqualTo(1);
                if (Frames.number(burst, 0) != next - (first ? 1 : 0)) {
                    throw new AssertionError("frame " + Frames.number(burst, 0) + " instead of " + next);
                }
                Frames.send(queue, other, next++);
            }
            return null;
        };
    }
}
