package dev.jmtcp.core.timer;

/**
 * A hierarchical timer wheel: schedule and cancel in constant time, for millions of timers. Belongs to one thread; allocates nothing after
 * construction. All times are nanoseconds of one clock, whose zero may be anywhere.
 *
 * <p>Time is counted in ticks of 2^16 ns (65.536 µs) since construction. A timer expires at the first tick that is not before its deadline:
 * never early, and late by less than a tick plus the time until the next {@link #advance}.
 *
 * <p>The tick number is read as eight digits of six bits. A timer is kept at the level of the highest digit in which its tick differs from the
 * current one, in the slot of that digit's value:
 *
 * <pre>
 *   level 7   ...   level 2          level 1         level 0
 *   64 slots        64 x 268 ms      64 x 4.19 ms    64 x 65.5 µs
 * </pre>
 *
 * <p>So every timer of a level is due before every timer of the level above, and the lowest bit of the lowest occupied level's bitmap is the next
 * slot. When the time reaches a slot, its timers move down, or expire. A timer that is put off, as a retransmission timer is by each acknowledgement,
 * stays where it is and is moved only when the time reaches its slot: putting off costs one write.
 *
 * <p>No tick is visited in which nothing is to be done, so a long jump costs no more than the timers in it. A timer that is not put off is moved at most
 * eight times.
 */
public final class TimerWheel {

    /** The length of a tick is 2 to this power nanoseconds. */
    static final int TICK_SHIFT = 16;

    static final int NO_LEVEL = -1;

    private static final int DIGIT_BITS = 6;
    private static final int SLOTS = 1 << DIGIT_BITS;

    /** The 48 bits of ticks in a long of nanoseconds are eight digits of six bits. */
    private static final int LEVELS = 8;

    private static final long LAST_TICK = (1L << LEVELS * DIGIT_BITS) - 1;

    /** The time of tick 0, in nanoseconds. */
    private final long origin;

    /** The slots, level after level. */
    private final Slot[] slots = new Slot[LEVELS * SLOTS];

    /** For each level a bit for each slot that holds timers. */
    private final long[] occupied = new long[LEVELS];

    /** A bit for each level that holds timers. */
    private int occupiedLevels;

    /** Timers scheduled for a time that had passed already: they expire at the next advance. */
    private final Slot late = new Slot(NO_LEVEL, 0);

    /** Timers that are due and not yet told. */
    private final Slot due = new Slot(NO_LEVEL, 0);

    /** The time of the last advance, in nanoseconds. */
    private long time;

    /** The tick up to which timers have expired. */
    private long tick;

    /** How many timers are armed. */
    private int size;

    /**
     * An empty wheel.
     *
     * @param now the time in nanoseconds
     */
    public TimerWheel(long now) {
        origin = now;
        time = now;
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot(i / SLOTS, i % SLOTS);
        }
    }

    /**
     * Arms a timer, or arms it anew if it is armed. A deadline that has passed makes it expire at the next {@link #advance}, also when called from
     * {@link Timer#expired}.
     *
     * @param deadline the time in nanoseconds
     */
    public void schedule(Timer timer, long deadline) {
        if (timer.isArmed()) {
            if (timer.deadline > time && timer.deadline <= deadline) { // in a slot of the wheel, not late or due
                timer.deadline = deadline;
                return;
            }
            unlink(timer);
        } else {
            size++;
        }
        timer.deadline = deadline;
        if (deadline <= time) {
            late.append(timer);
        } else {
            place(timer);
        }
    }

    /** Disarms a timer; does nothing if it is not armed. */
    public void cancel(Timer timer) {
        if (timer.isArmed()) {
            unlink(timer);
            size--;
        }
    }

    /**
     * Lets time pass and expires all timers that are due: first those that were scheduled too late, in the order of scheduling, then the others in the
     * order of their ticks, and within a tick in no particular order. Timers scheduled meanwhile wait for the next call.
     *
     * @param now the time in nanoseconds; an earlier one than before counts as no time passed
     * @return how many have expired
     */
    public int advance(long now) {
        due.appendAll(late);
        if (now > time) {
            time = now;
            collect(now - origin >>> TICK_SHIFT);
        }
        int count = 0;
        while (!due.isEmpty()) {
            Timer timer = (Timer) due.next;
            timer.unlink();
            size--;
            count++;
            timer.expired(time);
        }
        return count;
    }

    /**
     * When {@link #advance} must be called next, in nanoseconds: no later than the first tick at which a timer expires. It may be earlier when that is more
     * than 64 ticks away or the timer was put off: then the call only sorts timers anew. Long.MAX_VALUE if no timer is armed.
     */
    public long nextDeadline() {
        if (!late.isEmpty() || !due.isEmpty()) {
            return time;
        }
        if (occupiedLevels == 0) {
            return Long.MAX_VALUE;
        }
        int level = Integer.numberOfTrailingZeros(occupiedLevels);
        long delay = firstTick(level, Long.numberOfTrailingZeros(occupied[level])) << TICK_SHIFT;
        return Long.compareUnsigned(delay, Long.MAX_VALUE - origin) > 0 ? Long.MAX_VALUE : origin + delay;
    }

    /** How many timers are armed. */
    public int size() {
        return size;
    }

    /** Moves all timers up to a tick to the due list, in order, and makes it the current one. */
    private void collect(long now) {
        while (occupiedLevels != 0) {
            int level = Integer.numberOfTrailingZeros(occupiedLevels);
            int index = Long.numberOfTrailingZeros(occupied[level]);
            long first = firstTick(level, index);
            if (first > now) {
                break;
            }
            tick = first;
            Slot slot = slots[level * SLOTS + index];
            vacate(slot);
            while (!slot.isEmpty()) {
                Timer timer = (Timer) slot.next;
                timer.unlink();
                place(timer);
            }
        }
        tick = now;
    }

    /** Puts a timer in the slot of its tick, or among those due if that is the current tick. */
    private void place(Timer timer) {
        long target = tickOf(timer.deadline);
        long difference = target ^ tick;
        if (difference == 0) {
            due.append(timer);
            return;
        }
        int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros(difference)) / DIGIT_BITS;
        int index = (int) (target >>> level * DIGIT_BITS) & SLOTS - 1;
        Slot slot = slots[level * SLOTS + index];
        slot.append(timer);
        occupied[level] |= slot.bit;
        occupiedLevels |= 1 << level;
    }

    /** The first tick that is not before a deadline. */
    private long tickOf(long deadline) {
        long delay = deadline - origin; // unsigned: a deadline that is placed is not before the origin
        return Math.min((delay >>> TICK_SHIFT) + ((delay & (1 << TICK_SHIFT) - 1) == 0 ? 0 : 1), LAST_TICK);
    }

    /** The first tick of a slot, relative to the current tick. */
    private long firstTick(int level, int index) {
        int shift = level * DIGIT_BITS;
        long above = tick >>> shift + DIGIT_BITS << shift + DIGIT_BITS;
        return above | (long) index << shift;
    }

    /** Takes a timer out of its list, and marks the slot empty if it was the last there. */
    private void unlink(Timer timer) {
        Node neighbour = timer.next;
        timer.unlink();
        if (!neighbour.isLinked()) { // only the head of the list is left
            vacate((Slot) neighbour);
        }
    }

    private void vacate(Slot slot) {
        int level = slot.level;
        if (level == NO_LEVEL) {
            return;
        }
        occupied[level] &= ~slot.bit;
        if (occupied[level] == 0) {
            occupiedLevels &= ~(1 << level);
        }
    }
}
