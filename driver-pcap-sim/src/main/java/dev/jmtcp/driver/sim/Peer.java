package dev.jmtcp.driver.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What one place shares with another: the rings there and back. Belongs to the thread of the place whose peer it is. */
final class Peer {

    private static final long SAME_CLOCK = 1_000_000;

    final int place;

    /** Our frames to the peer. */
    final Ring.Producer out;

    /** Our slots back from the peer. */
    final Ring.Consumer returned;

    /** The peer's frames to us. */
    final Ring.Consumer in;

    /** The peer's slots back to it. */
    final Ring.Producer giveBack;

    /** How much the clock of this place is ahead of the peer's, in nanoseconds. */
    final long clockAhead;

    /** Whether the peer is gone, and only its last frames are still to be received. */
    boolean leaving;

    /** Whether frames for the peer were published in the flush under way. */
    boolean wake;

    /** Frames of the peer that were taken from its ring and are not due yet. */
    int underWay;

    /** How many of our frames the peer had taken when its ring was first found full, and when that was. */
    private long stalledAt = -1;

    private long stalledSince;

    Peer(MemorySegment memory, Layout layout, int own, int place) {
        this.place = place;
        clockAhead = clockAhead(memory, own, place);
        out = new Ring.Producer(memory, layout.lane(own, place), layout.ring);
        returned = new Ring.Consumer(memory, layout.giveBack(own, place), layout.giveBackRing());
        in = new Ring.Consumer(memory, layout.lane(place, own), layout.ring);
        giveBack = new Ring.Producer(memory, layout.giveBack(place, own), layout.giveBackRing());
    }

    /** Whether the peer, whose ring is full, has taken nothing for this long. */
    boolean isStalled(long now, long limit) {
        if (out.taken() != stalledAt) {
            stalledAt = out.taken();
            stalledSince = now;
            return false;
        }
        return now - stalledSince > limit;
    }

    /** Ports of one process have one clock. Others have clocks of any origin, of which is known how far each is ahead of the machine's. */
    private static long clockAhead(MemorySegment memory, int own, int place) {
        long here = Layout.place(own);
        long there = Layout.place(place);
        if (memory.get(ValueLayout.JAVA_LONG, here + Layout.PROCESS)
                == memory.get(ValueLayout.JAVA_LONG, there + Layout.PROCESS)) {
            return 0;
        }
        long ahead = memory.get(ValueLayout.JAVA_LONG, here + Layout.CLOCK_OFFSET)
                - memory.get(ValueLayout.JAVA_LONG, there + Layout.CLOCK_OFFSET);
        // The clocks were read one after the other.
        return Math.abs(ahead) < SAME_CLOCK ? 0 : ahead;
    }
}
