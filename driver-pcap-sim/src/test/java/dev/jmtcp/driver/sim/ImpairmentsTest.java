package dev.jmtcp.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jmtcp.spi.FrameBurst;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a port's impairments do to its frames. All chance comes from the wire's seed, so the numbers are the same every time. */
class ImpairmentsTest {

    private static final int FRAMES = 6_000;
    private static final long GAP = 1_000;

    private final VirtualClock clock = new VirtualClock();
    private final Wire wire =
            Wire.create(WireConfig.DEFAULT.withSeed(42).withFrames(1 << 13).withPlaces(2));
    private final SimPacketIo a;
    private final SimPacketIo b;

    ImpairmentsTest() throws Exception {
        a = wire.open("a", clock);
        b = wire.open("b", clock);
    }

    @AfterEach
    void close() {
        wire.close();
    }

    private record Arrival(long number, long time) {}

    /** Sends a frame every microsecond and receives every 100 ns; then waits for the rest. */
    private List<Arrival> exchange(int frames) {
        List<Arrival> arrivals = new ArrayList<>();
        for (long number = 0; number < frames; number++) {
            Frames.send(a.queue(0), b.port().mac(), number);
            for (long t = 0; t < GAP; t += 100) {
                take(arrivals);
                clock.advanceTo(clock.now() + 100);
            }
        }
        for (long next = wire.nextEvent(clock.now()); next != Long.MAX_VALUE; next = wire.nextEvent(clock.now())) {
            clock.advanceTo(next);
            take(arrivals);
        }
        return arrivals;
    }

    private void take(List<Arrival> arrivals) {
        for (long number : Frames.drain(b.queue(0))) {
            arrivals.add(new Arrival(number, clock.now()));
        }
    }

    private static double share(List<Arrival> arrivals, ToLongFunction<Arrival> what) {
        return arrivals.stream().mapToLong(what).average().orElse(0);
    }

    @Test
    void delay_everyFrame_arrivesSoMuchLater() {
        a.impair(0, Impairments.NONE.withDelay(5_000_000));
        List<Arrival> arrivals = exchange(1000);
        assertThat(arrivals)
                .hasSize(1000)
                .allSatisfy(arrival -> assertThat(arrival.time).isEqualTo(arrival.number * GAP + 5_000_000));
        assertThat(arrivals).extracting(Arrival::number).isSorted();
    }

    @Test
    void delay_isOfTheSendingPortOnly() {
        a.impair(0, Impairments.NONE.withDelay(5_000_000));
        Frames.send(b.queue(0), a.port().mac(), 1);
        assertThat(Frames.drain(a.queue(0))).containsExactly(1L);
    }

    @Test
    void jitter_isEvenlySpread_andKeepsTheOrder() {
        a.impair(0, Impairments.NONE.withDelay(1_000).withJitter(800));
        List<Arrival> arrivals = exchange(FRAMES);
        assertThat(arrivals).hasSize(FRAMES).extracting(Arrival::number).isSorted();
        assertThat(arrivals).allSatisfy(arrival -> {
            long late = arrival.time - arrival.number * GAP;
            assertThat(late).isBetween(1_000L, 1_900L);
        });
        // Arrivals are seen every 100 ns, 50 ns late on average.
        assertThat(share(arrivals, arrival -> arrival.time - arrival.number * GAP))
                .isCloseTo(1_450, within(10.0));
    }

    @Test
    void loss_thirty_percent_losesThat() {
        a.impair(0, Impairments.NONE.withLoss(0.3));
        List<Arrival> arrivals = exchange(FRAMES);
        assertThat(arrivals.size() / (double) FRAMES).isCloseTo(0.7, within(0.015));
        assertThat(arrivals).extracting(Arrival::number).isSorted();
        int lost = FRAMES - arrivals.size();
        assertThat(a.statistics(0).drops()).isEqualTo(Map.of("lost on the wire", (long) lost));
        assertThat(a.statistics(0).txPackets()).isEqualTo(FRAMES - lost);
        assertThat(b.statistics(0).rxPackets()).isEqualTo(FRAMES - lost);
    }

    @Test
    void duplicate_tenPercent_arriveTwice() {
        a.impair(0, Impairments.NONE.withDuplicate(0.1));
        List<Arrival> arrivals = exchange(FRAMES);
        assertThat(new HashSet<>(arrivals)).hasSize(FRAMES);
        assertThat(arrivals.size() - FRAMES).isEqualTo((int) a.duplicated(0));
        assertThat(a.duplicated(0) / (double) FRAMES).isCloseTo(0.1, within(0.015));
    }

    @Test
    void reorder_fivePercent_comeLaterThanThoseAfterThem() {
        a.impair(0, Impairments.NONE.withDelay(1_000).withReorder(0.05, 10_000));
        List<Arrival> arrivals = exchange(FRAMES);
        assertThat(arrivals).hasSize(FRAMES).extracting(Arrival::number).doesNotHaveDuplicates();
        long late = arrivals.stream()
                .filter(arrival -> arrival.time == arrival.number * GAP + 11_000)
                .count();
        long prompt = arrivals.stream()
                .filter(arrival -> arrival.time == arrival.number * GAP + 1_000)
                .count();
        assertThat(late).isEqualTo(a.reordered(0));
        assertThat(prompt + late).isEqualTo(FRAMES);
        assertThat(late / (double) FRAMES).isCloseTo(0.05, within(0.015));
    }

    @Test
    void corrupt_twentyPercent_haveOneBitFlipped() {
        a.impair(0, Impairments.NONE.withCorrupt(0.2));
        var burst = new FrameBurst(1);
        int wrong = 0;
        for (int i = 0; i < FRAMES; i++) {
            Frames.send(a.queue(0), b.port().mac(), 7, 100);
            assertThat(b.queue(0).receive(0, burst)).isEqualTo(1);
            int flipped = Frames.wrongBits(burst, b.port().mac(), 7);
            assertThat(flipped).isBetween(0, 1);
            wrong += flipped;
        }
        assertThat(wrong).isEqualTo((int) a.corrupted(0));
        assertThat(wrong / (double) FRAMES).isCloseTo(0.2, within(0.015));
    }

    @Test
    void bandwidth_spacesFramesByTheirTimeOnTheWire() {
        // 60 bytes and 24 of preamble, FCS and gap are 672 bits: at 100 Mbit/s 6720 ns.
        a.impair(0, Impairments.NONE.withBandwidth(100e6, 1000).withDelay(500));
        List<Arrival> arrivals = exchange(1000);
        assertThat(arrivals).extracting(Arrival::time).last().isEqualTo(1000 * 6_720L + 500);
        assertThat(arrivals).hasSize(1000);
        for (int i = 1; i < arrivals.size(); i++) {
            assertThat(arrivals.get(i).time - arrivals.get(i - 1).time).isBetween(6_600L, 6_800L);
        }
    }

    @Test
    void bandwidth_queueFull_losesTheNewestAndCounts() {
        a.impair(0, Impairments.NONE.withBandwidth(100e6, 10));
        for (long number = 0; number < 30; number++) {
            Frames.send(a.queue(0), b.port().mac(), number);
        }
        clock.advanceTo(6_720 * 5);
        for (long number = 30; number < 40; number++) {
            Frames.send(a.queue(0), b.port().mac(), number);
        }
        clock.advanceTo(1_000_000_000);
        // One frame on its way out and ten that wait; when five have left there is room for five more.
        assertThat(Frames.drain(b.queue(0)))
                .isEqualTo(LongStream.concat(LongStream.range(0, 11), LongStream.range(30, 35))
                        .boxed()
                        .toList());
        assertThat(a.statistics(0).drops()).isEqualTo(Map.of("queue full", 24L));
        assertThat(a.statistics(0).txPackets()).isEqualTo(16);
    }

    @Test
    void bandwidth_queueLengthChanged_holdsFromThenOn() {
        a.impair(0, Impairments.NONE.withBandwidth(100e6, 3));
        for (long number = 0; number < 10; number++) {
            Frames.send(a.queue(0), b.port().mac(), number);
        }
        a.impair(0, Impairments.NONE.withBandwidth(100e6, 6));
        for (long number = 10; number < 20; number++) {
            Frames.send(a.queue(0), b.port().mac(), number);
        }
        clock.advanceTo(1_000_000_000);
        assertThat(Frames.drain(b.queue(0))).containsExactly(0L, 1L, 2L, 3L, 10L, 11L, 12L);
    }

    @Test
    void filter_decidesFrameByFrame() {
        var seen = new ArrayList<Integer>();
        a.filter(0, (memory, offset, length, now) -> {
            seen.add(length);
            return switch (length) {
                case 61 -> FrameFilter.DROP;
                case 62 -> FrameFilter.DUPLICATE;
                case 63 -> 10;
                default -> FrameFilter.PASS;
            };
        });
        for (int number = 0; number < 5; number++) {
            Frames.send(a.queue(0), b.port().mac(), number, 60 + number);
        }
        assertThat(Frames.drain(b.queue(0))).containsExactly(0L, 2L, 2L, 4L);
        clock.advanceTo(10);
        assertThat(Frames.drain(b.queue(0))).containsExactly(3L);
        assertThat(seen).containsExactly(60, 61, 62, 63, 64);
        assertThat(a.statistics(0).drops()).isEqualTo(Map.of("dropped by filter", 1L));

        a.filter(0, null);
        Frames.send(a.queue(0), b.port().mac(), 5, 61);
        assertThat(Frames.drain(b.queue(0))).containsExactly(5L);
    }

    @Test
    void filter_droppingAPredicate_losesExactlyThose() {
        a.filter(0, FrameFilter.dropping((memory, offset, length, now) -> length == 61));
        Frames.send(a.queue(0), b.port().mac(), 0, 61);
        Frames.send(a.queue(0), b.port().mac(), 1, 62);
        assertThat(Frames.drain(b.queue(0))).containsExactly(1L);
    }

    @Test
    void oneImpairmentChanged_leavesTheChanceOfTheOthers() throws Exception {
        a.impair(0, Impairments.NONE.withLoss(0.3));
        List<Long> lossOnly = numbers(exchange(1000));
        try (var again = Wire.create(WireConfig.DEFAULT.withSeed(42))) {
            var c = again.open("a", clock);
            var d = again.open("b", clock);
            c.impair(0, Impairments.NONE.withLoss(0.3).withJitter(10).withCorrupt(0.5));
            for (long number = 0; number < 1000; number++) {
                Frames.send(c.queue(0), d.port().mac(), number);
            }
            clock.advanceTo(clock.now() + 10);
            assertThat(Frames.drain(d.queue(0))).hasSameSizeAs(lossOnly);
        }
    }

    private static List<Long> numbers(List<Arrival> arrivals) {
        return arrivals.stream().map(Arrival::number).toList();
    }
}
