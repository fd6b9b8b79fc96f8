package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Tally;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a place: its pool, the frames committed and not yet flushed, and the switch that finds each frame its way. Belongs to the
 * place's thread.
 */
final class Outgoing {

    /** How long a receiver whose ring is full may take nothing before frames to it are dropped: in nanoseconds. */
    static final long STALL_LIMIT = 1_000_000_000;

    private static final int NOTHING = -1;
    private static final long NOBODY = -1;

    final Tally packets = new Tally();
    final Tally bytes = new Tally();
    final Tally runts = new Tally();

    private final MemorySegment memory;
    private final Layout layout;
    private final Link link;
    private final LongSupplier clock;
    private final boolean flowControl;
    private final @Nullable Recorder recorder;
    private final int port;
    private final long mac;
    private final FramePool pool;
    private final int[] slots;
    private final int[] lengths;
    private final int mask;
    private int head;
    private int tail;
    private int reserved = NOTHING;
    private int capacity;

    private PortTable table;
    private Peer[] peers = {};
    private final @Nullable Peer[] byPlace;
    private int ownPort;
    private long lastMac = NOBODY;
    private int lastPort;

    /** Where the frames to {@link #lastMac} go, if they all go to one queue. */
    private @Nullable Peer lastPeer;

    private long hash;
    private long flushedPackets;
    private long flushedBytes;

    Outgoing(
            MemorySegment memory,
            Layout layout,
            int place,
            int port,
            PortSetup setup,
            Link link,
            LongSupplier clock,
            long mac,
            PortTable table) {
        this.memory = memory;
        this.layout = layout;
        this.link = link;
        this.clock = clock;
        this.port = port;
        flowControl = setup.flowControl();
        recorder = setup.recorder();
        this.mac = mac;
        this.table = table;
        pool = new FramePool(layout.firstSlot(place), layout.frames);
        slots = new int[layout.ring];
        lengths = new int[layout.ring];
        mask = layout.ring - 1;
        byPlace = new Peer[layout.places];
    }

    /** Takes note of who is on the wire now. */
    void follow(PortTable table, Peer[] peers) {
        this.table = table;
        this.peers = peers;
        Arrays.fill(byPlace, null);
        for (Peer peer : peers) {
            byPlace[peer.place] = peer;
        }
        ownPort = table.find(mac);
        lastMac = NOBODY;
    }

    /** A peer is gone: what it had of ours is ours again. */
    void forget(Peer peer) {
        peer.out.abandon();
        peer.returned.abandon();
        pool.recall(peer.place);
    }

    long reserve(int capacity) {
        if (reserved == NOTHING) {
            if (tail - head > mask) {
                return PacketQueue.FULL;
            }
            int slot = pool.take();
            if (slot == FramePool.EMPTY) {
                reclaim();
                slot = pool.take();
                if (slot == FramePool.EMPTY) {
                    return PacketQueue.FULL;
                }
            }
            reserved = slot;
        }
        this.capacity = capacity;
        return layout.frame(reserved);
    }

    void checkCommit(int length) {
        PortQueue.checkCommit(length, reserved == NOTHING ? NOTHING : capacity);
    }

    void commit(int length) {
        checkCommit(length);
        slots[tail & mask] = reserved;
        lengths[tail & mask] = length;
        tail++;
        reserved = NOTHING;
    }

    /** Whether frames are committed and not yet on the wire. */
    boolean isPending() {
        return tail != head;
    }

    /** Whether a frame can be reserved, or a frame that waits can leave. */
    boolean hasRoom() {
        reclaim();
        if (tail == head) {
            return pool.available() > 0;
        }
        long frame = layout.frame(slots[head & mask]);
        int port = table.find(Layout.destination(memory, frame));
        return port == PortTable.UNKNOWN
                || port == ownPort
                || !peer(port, frame, lengths[head & mask]).out.isFull();
    }

    /** Sends what is committed, until a receiver's ring is full. */
    void flush() {
        reclaim();
        if (link.isActive()) {
            synchronized (link) {
                long now = clock.getAsLong();
                while (head != tail && forward(slots[head & mask], lengths[head & mask], true, now)) {
                    head++;
                }
            }
        } else {
            long now = recorder == null ? 0 : clock.getAsLong();
            while (head != tail && forward(slots[head & mask], lengths[head & mask], false, now)) {
                head++;
            }
        }
        packets.add(flushedPackets);
        bytes.add(flushedBytes);
        flushedPackets = 0;
        flushedBytes = 0;
    }

    int pending() {
        return tail - head;
    }

    private void reclaim() {
        for (Peer peer : peers) {
            Ring.Consumer returned = peer.returned;
            if (!returned.isEmpty()) {
                do {
                    pool.give((int) returned.peek());
                    returned.advance();
                } while (!returned.isEmpty());
                returned.release();
            }
        }
    }

    /** Sends one frame; false if it must wait for its receiver. */
    private boolean forward(int slot, int length, boolean shaped, long now) {
        if (length < WireConfig.ETHERNET_HEADER) {
            runts.add(1);
            pool.give(slot);
            return true;
        }
        long frame = layout.frame(slot);
        long destination = Layout.destination(memory, frame);
        if (destination != lastMac) {
            lookUp(destination);
        }
        if (lastPort == PortTable.UNKNOWN) {
            flood(slot, frame, length, shaped, now);
            return true;
        }
        if (lastPort == ownPort) {
            record(frame, length, now);
            // A switch does not send a frame back to where it came from.
            count(length);
            pool.give(slot);
            return true;
        }
        Peer peer = lastPeer == null ? peer(lastPort, frame, length) : lastPeer;
        if (peer.out.isFull() && mustWait(peer)) {
            return false;
        }
        record(frame, length, now);
        long due = 0;
        if (shaped) {
            due = link.admit(memory, frame, length, now);
            if (due == Link.LOST) {
                pool.give(slot);
                return true;
            }
            if (link.isDuplicate()) {
                sendCopy(peer, frame, length, true, due);
            }
        }
        count(length);
        send(peer, slot, frame, length, shaped, due);
        return true;
    }

    private void lookUp(long destination) {
        lastMac = destination;
        lastPort = table.find(destination);
        boolean single = lastPort != PortTable.UNKNOWN && lastPort != ownPort && table.steering(lastPort) == null;
        lastPeer = single ? byPlace[table.place(lastPort, 0)] : null;
        hash = Steering.NONE;
    }

    private void flood(int slot, long frame, int length, boolean shaped, long now) {
        record(frame, length, now);
        long due = 0;
        boolean twice = false;
        if (shaped) {
            due = link.admit(memory, frame, length, now);
            if (due == Link.LOST) {
                pool.give(slot);
                return;
            }
            twice = link.isDuplicate();
        }
        count(length);
        int last = PortTable.UNKNOWN;
        for (int port = 0; port < table.ports(); port++) {
            if (port == ownPort) {
                continue;
            }
            if (twice) {
                sendCopy(peer(port, frame, length), frame, length, shaped, due);
            }
            if (last != PortTable.UNKNOWN) {
                sendCopy(peer(last, frame, length), frame, length, shaped, due);
            }
            last = port;
        }
        lastMac = NOBODY; // flooding changed the hash
        // The frame itself goes last: its receiver may write to it.
        if (last == PortTable.UNKNOWN) {
            pool.give(slot);
        } else {
            send(peer(last, frame, length), slot, frame, length, shaped, due);
        }
    }

    private void record(long frame, int length, long now) {
        if (recorder != null) {
            recorder.record(memory, frame, length, now, port);
        }
    }

    private void sendCopy(Peer peer, long frame, int length, boolean shaped, long due) {
        int slot = pool.take();
        if (slot == FramePool.EMPTY) {
            peer.out.countDrop();
            return;
        }
        long copy = layout.frame(slot);
        MemorySegment.copy(memory, frame, memory, copy, length);
        send(peer, slot, copy, length, shaped, due);
    }

    private void send(Peer peer, int slot, long frame, int length, boolean shaped, long due) {
        if (peer.out.isFull()) {
            peer.out.countDrop();
            pool.give(slot);
            return;
        }
        int flags = 0;
        if (shaped) {
            flags = Layout.TIMED;
            Layout.due(memory, frame, due);
        }
        if (hash != Steering.NONE) {
            flags |= Layout.HASHED;
            Layout.hash(memory, frame, (int) hash);
        }
        pool.lend(slot, peer.place);
        peer.out.put(Layout.entry(slot, length, flags));
    }

    /** The queue of a port that a frame goes to; leaves its hash in {@link #hash}. */
    private Peer peer(int port, long frame, int length) {
        Steering steering = table.steering(port);
        int queue = 0;
        hash = Steering.NONE;
        if (steering != null) {
            hash = steering.hash(memory, frame, length);
            queue = hash == Steering.NONE ? 0 : steering.queueOf((int) hash);
        }
        return Objects.requireNonNull(byPlace[table.place(port, queue)]);
    }

    private boolean mustWait(Peer peer) {
        return flowControl && !peer.isStalled(clock.getAsLong(), STALL_LIMIT);
    }

    private void count(int length) {
        flushedPackets++;
        flushedBytes += length;
    }
}
