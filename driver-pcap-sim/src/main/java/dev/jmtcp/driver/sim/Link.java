package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.Tally;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A port's way into the wire: its {@link Impairments}, its {@link FrameFilter}, and what follows from the frames sent before. The queues of a
 * port share it and call it under its monitor; its settings may be changed from any thread.
 */
final class Link {

    /** Preamble and start of frame (8 bytes), FCS (4), gap (12): what a frame takes on an Ethernet beside its own bytes. */
    static final int OVERHEAD = 24;

    private static final int MINIMUM_FRAME = 60;

    /** {@link #admit}: the frame is lost. */
    static final long LOST = Long.MIN_VALUE;

    private final Tally lost = new Tally();
    private final Tally filtered = new Tally();
    private final Tally queueFull = new Tally();
    final Tally duplicated = new Tally();
    final Tally reordered = new Tally();
    final Tally corrupted = new Tally();

    private final SplittableRandom random;
    private volatile boolean active;
    private volatile Impairments impairments;
    private volatile @Nullable FrameFilter filter;

    /** When the frames waiting for the bandwidth will have left, as a ring. */
    private long[] departures = new long[0];

    private int waiting;
    private int firstWaiting;
    private long busyUntil = Long.MIN_VALUE;
    private long lastDue = Long.MIN_VALUE;
    private boolean duplicate;

    Link(Impairments impairments, long seed) {
        this.impairments = impairments;
        active = !impairments.isNone();
        random = new SplittableRandom(seed);
    }

    /** The frames lost here, by reason. */
    Map<String, Long> drops() {
        return Map.of(
                "lost on the wire",
                lost.value(),
                "queue full",
                queueFull.value(),
                "dropped by filter",
                filtered.value());
    }

    /** Whether frames must be shown to {@link #admit}. */
    boolean isActive() {
        return active;
    }

    Impairments impairments() {
        return impairments;
    }

    synchronized void impair(Impairments impairments) {
        this.impairments = impairments;
        active = !impairments.isNone() || filter != null;
    }

    synchronized void filter(@Nullable FrameFilter filter) {
        this.filter = filter;
        active = !impairments.isNone() || filter != null;
    }

    /**
     * Decides what becomes of a frame, and may damage it.
     *
     * @return when it is due at the other end, or {@link #LOST}
     */
    long admit(MemorySegment memory, long offset, int length, long now) {
        Impairments how = impairments;
        duplicate = false;
        long extra = 0;
        FrameFilter filter = this.filter;
        if (filter != null) {
            long decision = filter.decide(memory, offset, length, now);
            if (decision == FrameFilter.DROP) {
                filtered.add(1);
                return LOST;
            }
            duplicate = decision == FrameFilter.DUPLICATE;
            extra = Math.max(0, decision);
        }
        // All are drawn for every frame, so that to change one impairment does not change the others.
        double loss = random.nextDouble();
        double twice = random.nextDouble();
        double reorder = random.nextDouble();
        double corrupt = random.nextDouble();
        double jitter = random.nextDouble();
        long bit = random.nextLong();

        long departure = departure(how, length, now);
        if (departure == LOST) {
            queueFull.add(1);
            return LOST;
        }
        if (loss < how.loss()) {
            lost.add(1);
            return LOST;
        }
        if (corrupt < how.corrupt()) {
            flip(memory, offset, (int) Long.remainderUnsigned(bit, 8L * length));
            corrupted.add(1);
        }
        if (twice < how.duplicate()) {
            duplicate = true;
        }
        if (duplicate) {
            duplicated.add(1);
        }
        long due = departure + how.delay() + (long) (jitter * how.jitter());
        if (reorder < how.reorder()) {
            extra += how.reorderDelay();
        }
        if (extra > 0) {
            reordered.add(1);
            return due + extra;
        }
        lastDue = Math.max(due, lastDue);
        return lastDue;
    }

    /** Whether the frame admitted last arrives twice. */
    boolean isDuplicate() {
        return duplicate;
    }

    /** When the last bit of a frame will have left, behind those that wait; {@link #LOST} if there wait too many. */
    private long departure(Impairments how, int length, long now) {
        if (how.bandwidth() == 0) {
            return now;
        }
        if (departures.length <= how.queue()) {
            resize(how.queue());
        }
        while (waiting > 0 && departures[firstWaiting] <= now) {
            firstWaiting = firstWaiting + 1 == departures.length ? 0 : firstWaiting + 1;
            waiting--;
        }
        // One frame is on its way out, so many more may wait.
        if (waiting > how.queue()) {
            return LOST;
        }
        double bits = 8.0 * (Math.max(length, MINIMUM_FRAME) + OVERHEAD);
        busyUntil = Math.max(now, busyUntil) + Math.max(1, Math.round(bits * 1e9 / how.bandwidth()));
        int last = firstWaiting + waiting++;
        departures[last < departures.length ? last : last - departures.length] = busyUntil;
        return busyUntil;
    }

    private void resize(int queue) {
        var larger = new long[queue + 1];
        for (int i = 0; i < waiting; i++) {
            larger[i] = departures[(firstWaiting + i) % departures.length];
        }
        departures = larger;
        firstWaiting = 0;
    }

    private static void flip(MemorySegment memory, long offset, int bit) {
        long at = offset + (bit >>> 3);
        memory.set(ValueLayout.JAVA_BYTE, at, (byte) (memory.get(ValueLayout.JAVA_BYTE, at) ^ 1 << (bit & 7)));
    }
}
