package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.PortStatistics;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** One queue of one port on a wire: a place taken. Belongs to the queue's thread, but for the counters. */
final class Endpoint extends PortQueue {

    // What a place's thread sleeps for, in its record
    static final int AWAKE = 0;
    static final int AWAITS_FRAMES = 1;
    static final int AWAITS_FRAMES_OR_ROOM = 2;

    private static final long UNKNOWN = -1;
    private static final long ROOM_NANOS = 500_000;

    private final Wire wire;
    private final MemorySegment memory;
    private final Layout layout;
    private final int place;
    private final long record;
    private final int maximumFrame;
    private final Outgoing outgoing;
    private final Incoming incoming;
    private final long[] dropsBefore;

    private volatile long lastRingFull = UNKNOWN;
    private Peer[] peers = {};
    private long followed;
    private int leaving;
    private boolean wasFull;

    /** @param port the index of its port, for recordings */
    Endpoint(Wire wire, int place, int port, PortSetup setup, Link link, LongSupplier clock, long mac, int mtu) {
        this.wire = wire;
        this.place = place;
        memory = wire.memory();
        layout = wire.layout();
        record = Layout.place(place);
        maximumFrame = mtu + WireConfig.ETHERNET_HEADER;
        outgoing = new Outgoing(memory, layout, place, port, setup, link, clock, mac, wire.table());
        incoming = new Incoming(memory, layout, clock);
        dropsBefore = new long[layout.places];
        for (int from = 0; from < layout.places; from++) {
            dropsBefore[from] = Ring.drops(memory, layout.lane(from, place));
        }
        followed = (long) Layout.LONG.getAcquire(memory, record + Layout.FOLLOWED_EPOCH);
        follow();
    }

    int place() {
        return place;
    }

    @Override
    int receive(FrameBurst burst) {
        boolean room = incoming.giveBack();
        if (leaving != 0 || followed != epoch()) {
            follow();
        }
        int count = incoming.receive(burst);
        room |= incoming.release();
        if (room) {
            wakeSenders();
        }
        return count;
    }

    @Override
    long reserve(int capacity) {
        long offset = outgoing.reserve(capacity);
        wasFull = offset == PacketQueue.FULL;
        return offset;
    }

    @Override
    MemorySegment transmitMemory() {
        return memory;
    }

    @Override
    int maximumFrame() {
        return maximumFrame;
    }

    @Override
    void checkCommit(int length) {
        outgoing.checkCommit(length);
    }

    @Override
    void commit(int length, long offload) {
        if (offload != 0) {
            throw new IllegalArgumentException("this port does no offloading");
        }
        outgoing.commit(length);
    }

    @Override
    int flush() {
        if (!outgoing.isPending()) {
            return 0;
        }
        if (followed != epoch()) {
            follow();
        }
        outgoing.flush();
        boolean sent = false;
        for (Peer peer : peers) {
            peer.wake = !peer.out.isPublished();
            if (peer.wake) {
                peer.out.publish();
                sent = true;
            }
        }
        if (sent) {
            wakeReceivers();
        }
        return outgoing.pending();
    }

    @Override
    long nextArrival() {
        if (followed != epoch()) {
            follow();
        }
        return incoming.nextArrival();
    }

    @Override
    boolean hasRoomAgain() {
        if (wantsRoom() && outgoing.hasRoom()) {
            wasFull = false;
            return true;
        }
        return false;
    }

    private boolean wantsRoom() {
        return wasFull || outgoing.isPending();
    }

    @Override
    void park(Thread thread) {
        wire.sleeper(place, thread);
        Layout.INT.setVolatile(memory, record + Layout.PARKED, wantsRoom() ? AWAITS_FRAMES_OR_ROOM : AWAITS_FRAMES);
    }

    @Override
    long longestSleep() {
        return wantsRoom() ? Math.min(ROOM_NANOS, wire.longestSleep()) : wire.longestSleep();
    }

    @Override
    void unpark() {
        Layout.INT.setOpaque(memory, record + Layout.PARKED, AWAKE);
    }

    @Override
    PortStatistics statistics() {
        long known = lastRingFull;
        long ringFull = known == UNKNOWN ? ringFull() : known;
        return new PortStatistics(
                incoming.packets.value(),
                incoming.bytes.value(),
                outgoing.packets.value(),
                outgoing.bytes.value(),
                Map.of("rx ring full", ringFull, "shorter than an Ethernet header", outgoing.runts.value()));
    }

    /** The wire's memory is about to be given back: counts for the last time what is counted there. */
    void freeze() {
        lastRingFull = ringFull();
    }

    private long ringFull() {
        long ringFull = 0;
        for (int from = 0; from < layout.places; from++) {
            ringFull += Ring.drops(memory, layout.lane(from, place)) - dropsBefore[from];
        }
        return ringFull;
    }

    private long epoch() {
        return (long) Layout.LONG.getAcquire(memory, Layout.EPOCH_AT);
    }

    /** Wakes those to whom the flush under way published frames. */
    private void wakeReceivers() {
        // What was published is seen before the sleeper's flag is read; the sleeper does it the other way round.
        VarHandle.fullFence();
        for (Peer peer : peers) {
            if (peer.wake && sleep(peer) != AWAKE) {
                wire.wake(peer.place);
            }
        }
    }

    /**
     * Wakes those who sleep for want of room, that there is some. Without the fence, which would cost every receive more than all this, one who falls
     * asleep just now may be missed: so nobody sleeps long for want of room.
     */
    private void wakeSenders() {
        for (Peer peer : peers) {
            if (sleep(peer) == AWAITS_FRAMES_OR_ROOM) {
                wire.wake(peer.place);
            }
        }
    }

    /** What a peer's thread sleeps for. */
    private int sleep(Peer peer) {
        return (int) Layout.INT.getAcquire(memory, Layout.place(peer.place) + Layout.PARKED);
    }

    /** Takes note of who came and went. */
    private void follow() {
        PortTable table = wire.table();
        var now = new ArrayList<Peer>(List.of(peers));
        var known = new boolean[layout.places];
        for (Peer peer : peers) {
            known[peer.place] = true;
            if (!peer.leaving && !table.isTaken(peer.place)) {
                peer.leaving = true;
                outgoing.forget(peer);
            }
        }
        for (int other = 0; other < layout.places; other++) {
            // Whoever came and went unseen may have sent something.
            boolean unseen = table.isLeftSince(other, followed);
            if (other != place && !known[other] && (table.isTaken(other) || unseen)) {
                var peer = new Peer(memory, layout, place, other);
                peer.leaving = unseen;
                now.add(peer);
            }
        }
        now.removeIf(peer -> peer.leaving && finish(peer));
        leaving = (int) now.stream().filter(peer -> peer.leaving).count();
        peers = now.toArray(Peer[]::new);
        outgoing.follow(table, peers);
        incoming.follow(peers);
        followed = table.epoch;
        if (leaving == 0) {
            Layout.LONG.setRelease(memory, record + Layout.FOLLOWED_EPOCH, followed);
        }
    }

    /** Lets go of a peer that is gone, if nothing of it is left here. */
    private boolean finish(Peer peer) {
        if (!incoming.isDone(peer)) {
            return false;
        }
        peer.in.abandon();
        peer.giveBack.abandon();
        return true;
    }
}
