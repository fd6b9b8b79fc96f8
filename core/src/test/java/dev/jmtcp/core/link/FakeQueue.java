package dev.jmtcp.core.link;

import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A transmit ring in plain memory; what is committed stays until {@link #take}. Keeps to the SPI's rules and fails who breaks them. */
public final class FakeQueue implements PacketQueue {

    private static final int SLOTS = 4096;
    private static final int SLOT = 1 << 16;
    private static final long NOTHING = -2;

    /** A frame that was sent. */
    public record Sent(int port, byte[] frame, long offload) {
        @Override
        public String toString() {
            return (port == 0 ? "" : "port " + port + " ") + Packets.describe(frame, offload);
        }
    }

    private final MemorySegment[] memory;
    private final long[] reserved;
    private final int[] capacity;
    private final int largest;
    private final List<Sent> sent = new ArrayList<>();
    private boolean recording = true;
    private int used;
    private int limit = SLOTS;

    /**
     * @param largest the largest IP packet
     */
    public FakeQueue(int ports, int largest) {
        this.largest = largest + Ethernet.HEADER_LENGTH;
        memory = new MemorySegment[ports];
        for (int i = 0; i < ports; i++) {
            memory[i] = Arena.ofAuto().allocate(8L * SLOT);
        }
        reserved = new long[ports];
        Arrays.fill(reserved, NOTHING);
        capacity = new int[ports];
    }

    /** From now on the ring has so many slots. */
    public void limit(int limit) {
        this.limit = limit;
    }

    /** From now on frames are only counted. */
    public void recording(boolean recording) {
        this.recording = recording;
    }

    /** Takes what was sent, and empties the ring. */
    public List<Sent> take() {
        List<Sent> taken = List.copyOf(sent);
        sent.clear();
        used = 0;
        return taken;
    }

    /** How many frames are in the ring. */
    public int count() {
        return used;
    }

    @Override
    public int receive(int port, FrameBurst burst) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MemorySegment transmitMemory(int port) {
        return memory[port];
    }

    @Override
    public long reserve(int port, int capacity) {
        if (capacity < 1 || capacity > largest) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        if (used >= limit) {
            reserved[port] = NOTHING;
            return FULL;
        }
        long at = (long) (used & 7) * SLOT + 2;
        reserved[port] = at;
        this.capacity[port] = capacity;
        if (recording) {
            memory[port].asSlice(at, capacity).fill((byte) 0xa5);
        }
        return at;
    }

    @Override
    public void commit(int port, int length, long offload) {
        if (reserved[port] == NOTHING) {
            throw new IllegalStateException("nothing reserved");
        }
        if (length < 1 || length > capacity[port]) {
            throw new IllegalArgumentException("length " + length);
        }
        if (recording) {
            byte[] frame = memory[port].asSlice(reserved[port], length).toArray(ValueLayout.JAVA_BYTE);
            sent.add(new Sent(port, frame, offload));
        }
        used++;
        reserved[port] = NOTHING;
    }

    @Override
    public int flush() {
        used = 0;
        return 0;
    }

    @Override
    public void await(long timeoutNanos) {}

    @Override
    public void wakeup() {}
}
