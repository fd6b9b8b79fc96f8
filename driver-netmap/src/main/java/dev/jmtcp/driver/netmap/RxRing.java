package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.Tally;
import java.lang.foreign.MemorySegment;

/** The frames that arrive on one ring. Belongs to the queue's thread, but for the counters. */
final class RxRing {

    private final Ring ring;

    /** The first slot not given back. */
    private int head;

    /** The first slot not handed out. */
    private int next;

    private int tail;

    /** What the module knows of head. */
    private int known;

    private final Tally malformed = new Tally();

    RxRing(Ring ring) {
        this.ring = ring;
        head = ring.head();
        next = head;
        known = head;
        tail = ring.tail();
    }

    /** Gives back the frames handed out. */
    void giveBack() {
        head = next;
        ring.give(head, head);
        tail = ring.tail();
    }

    boolean isEmpty() {
        return next == tail;
    }

    /** Whether the module should hear of what was given back, or it may run out of slots. */
    boolean isOwed() {
        return ring.distance(known, head) >= ring.count() / 2;
    }

    /** After a system call that has told the module of head. */
    void synced() {
        known = head;
        tail = ring.tail();
    }

    /**
     * Adds what has arrived to a burst.
     *
     * @param room where frames in several slots are put together
     * @return the bytes of them
     */
    long take(FrameBurst burst, Room room) {
        long bytes = 0;
        while (next != tail && !burst.isFull()) {
            int slot = next;
            if (ring.goesOn(slot)) {
                int length = takeFragments(burst, room);
                if (length < 0) {
                    break;
                }
                bytes += length;
                continue;
            }
            int length = ring.length(slot);
            long buffer = ring.buffer(slot);
            next = ring.next(slot);
            if (isWhole(length, buffer) && length >= Frames.ETHERNET) {
                burst.add(buffer, length, 0, 0);
                bytes += length;
            } else {
                malformed.add(1);
            }
        }
        // What is handed out need not wake us again.
        ring.give(head, next);
        return bytes;
    }

    private boolean isWhole(int length, long buffer) {
        return length <= ring.bufferSize() && buffer >= 0;
    }

    /** Takes a frame that lies in several slots: its length, 0 if it is dropped, −1 if its end or room for it is still to come. */
    private int takeFragments(FrameBurst burst, Room room) {
        int last = next;
        while (ring.goesOn(last)) {
            last = ring.next(last);
            if (last == tail) {
                return -1;
            }
        }
        if (!room.fits(Frames.LONGEST)) {
            return -1;
        }
        MemorySegment memory = ring.memory();
        int length = 0;
        boolean good = true;
        int end = ring.next(last);
        for (int slot = next; slot != end; slot = ring.next(slot)) {
            int part = ring.length(slot);
            long buffer = ring.buffer(slot);
            good &= isWhole(part, buffer) && length + part <= Frames.LONGEST;
            if (good) {
                MemorySegment.copy(memory, buffer, memory, room.at() + length, part);
                length += part;
            }
        }
        next = end;
        if (!good || length < Frames.ETHERNET) {
            malformed.add(1);
            return 0;
        }
        burst.add(room.at(), length, 0, 0);
        room.take(length);
        return length;
    }

    /** Frames that made no sense. */
    long malformed() {
        return malformed.value();
    }
}
