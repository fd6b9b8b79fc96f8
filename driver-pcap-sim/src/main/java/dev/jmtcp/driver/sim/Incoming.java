package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.RxFlags;
import dev.jmtcp.spi.Tally;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The receiving half of a place: frames under way to it and those handed to the stack. Belongs to the place's thread. */
final class Incoming {

    final Tally packets = new Tally();
    final Tally bytes = new Tally();

    private final MemorySegment memory;
    private final Layout layout;
    private final LongSupplier clock;
    private final Arrivals arrivals = new Arrivals();
    private int[] heldSlots = new int[64];
    private int[] heldFrom = new int[64];
    private int held;
    private Peer[] peers = {};
    private final @Nullable Peer[] byPlace;
    private int first;

    Incoming(MemorySegment memory, Layout layout, LongSupplier clock) {
        this.memory = memory;
        this.layout = layout;
        this.clock = clock;
        byPlace = new Peer[layout.places];
    }

    /** Takes note of who is on the wire now. */
    void follow(Peer[] peers) {
        this.peers = peers;
        Arrays.fill(byPlace, null);
        for (Peer peer : peers) {
            byPlace[peer.place] = peer;
        }
        first = 0;
    }

    /** Whether a peer that is gone has nothing here any more. */
    boolean isDone(Peer peer) {
        return held == 0 && peer.underWay == 0 && peer.in.isEmpty();
    }

    /** Gives the frames of the burst before back; whether there were any. */
    boolean giveBack() {
        if (held == 0) {
            return false;
        }
        for (int i = 0; i < held; i++) {
            Peer peer = byPlace[heldFrom[i]];
            if (peer != null) {
                peer.giveBack.put(heldSlots[i]);
            }
        }
        held = 0;
        for (Peer peer : peers) {
            if (!peer.giveBack.isPublished()) {
                peer.giveBack.publish();
            }
        }
        return true;
    }

    /** Fills a burst. */
    int receive(FrameBurst burst) {
        if (burst.capacity() > heldSlots.length) {
            heldSlots = new int[burst.capacity()];
            heldFrom = new int[burst.capacity()];
        }
        burst.begin(memory);
        long received = 0;
        if (!arrivals.isEmpty()) {
            received += receiveDue(burst);
        }
        int at = first;
        for (int i = 0; i < peers.length; i++) {
            Peer peer = peers[at];
            at = at + 1 == peers.length ? 0 : at + 1;
            received += receive(peer, burst);
        }
        first = first + 1 < peers.length ? first + 1 : 0;
        if (!arrivals.isEmpty()) {
            received += receiveDue(burst);
        }
        int count = burst.count();
        if (count > 0) {
            packets.add(count);
            bytes.add(received);
        }
        return count;
    }

    /** Tells the senders that their rings have room again; whether there was anything to tell. */
    boolean release() {
        boolean any = false;
        for (Peer peer : peers) {
            any |= peer.in.release();
        }
        return any;
    }

    /** When the next frame can be received: {@link PortQueue#NOW}, {@link PortQueue#NEVER}, or when it is due. */
    long nextArrival() {
        for (Peer peer : peers) {
            if (takeTimed(peer)) {
                return PortQueue.NOW;
            }
        }
        return arrivals.isEmpty() ? PortQueue.NEVER : arrivals.due();
    }

    /** Moves the frames that bear a time from a ring to the arrivals, up to the first that bears none; whether there is such a one. */
    private boolean takeTimed(Peer peer) {
        Ring.Consumer in = peer.in;
        while (!in.isEmpty()) {
            long entry = in.peek();
            if ((Layout.flags(entry) & Layout.TIMED) == 0) {
                return true;
            }
            schedule(peer, entry);
            in.advance();
        }
        return false;
    }

    private long receive(Peer peer, FrameBurst burst) {
        Ring.Consumer in = peer.in;
        long received = 0;
        while (!in.isEmpty()) {
            long entry = in.peek();
            if ((Layout.flags(entry) & Layout.TIMED) != 0) {
                schedule(peer, entry);
            } else if (burst.isFull()) {
                break;
            } else {
                deliver(burst, entry, peer.place);
                received += Layout.length(entry);
            }
            in.advance();
        }
        return received;
    }

    private void schedule(Peer peer, long entry) {
        peer.underWay++;
        long due = Layout.due(memory, layout.frame(Layout.slot(entry))) + peer.clockAhead;
        arrivals.add(due, entry, peer.place);
    }

    private long receiveDue(FrameBurst burst) {
        long now = clock.getAsLong();
        long received = 0;
        while (!burst.isFull() && !arrivals.isEmpty() && arrivals.due() <= now) {
            int place = arrivals.source();
            long entry = arrivals.entry();
            arrivals.remove();
            Peer peer = byPlace[place];
            if (peer != null) {
                peer.underWay--;
            }
            deliver(burst, entry, place);
            received += Layout.length(entry);
        }
        return received;
    }

    private void deliver(FrameBurst burst, long entry, int place) {
        int slot = Layout.slot(entry);
        long frame = layout.frame(slot);
        heldSlots[held] = slot;
        heldFrom[held] = place;
        held++;
        if ((Layout.flags(entry) & Layout.HASHED) == 0) {
            burst.add(frame, Layout.length(entry), 0, 0);
        } else {
            burst.add(frame, Layout.length(entry), RxFlags.HASH_VALID, Layout.hash(memory, frame));
        }
    }
}
