package dev.jmtcp.driver.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Where things lie in the memory of a wire, which may be a file that several processes map. Immutable, for any thread. All in native
 * byte order; offsets in bytes.
 *
 * <pre>
 *  header   | magic, version, geometry | epoch |
 *  places   | one record a place: who is there, how it is reached, how far it has followed the comings and goings |
 *  lanes    | for every ordered pair of places: a ring of frames there, a ring of the same frames back |
 *  frames   | for every place: its pool of frame slots |
 * </pre>
 *
 * A place is one queue of one port. A slot is owned by the place whose pool it lies in; while it is lent to another place, that one may
 * write to it. A slot holds
 *
 * <pre>
 *  0        8      12     18
 *  | due    | hash | free | frame ...
 * </pre>
 */
final class Layout {

    static final long MAGIC = 0x4d_49_53_2d_50_43_54_4aL; // "JTCP-SIM" in memory
    static final int VERSION = 1;

    static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final ValueLayout.OfLong BIG_ENDIAN_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    static final int LINE = 64;

    // Header
    static final long MAGIC_AT = 0;
    static final long VERSION_AT = 8;
    static final long PLACES_AT = 16;
    static final long RING_AT = 20;
    static final long FRAMES_AT = 24;
    static final long CAPACITY_AT = 28;
    static final long SIZE_AT = 32;
    static final long EPOCH_AT = 64;
    static final long HEADER_SIZE = 128;

    // Place record, relative to place(i)
    static final long STATE = 0;
    static final long LEAD = 4;
    static final long QUEUE = 8;
    static final long QUEUES = 12;
    static final long MAC = 16;
    static final long MTU = 24;
    static final long PROCESS = 32;
    static final long PROCESS_START = 40;
    static final long LEFT_EPOCH = 48;
    static final long CLOCK_OFFSET = 56;
    static final long FOLLOWED_EPOCH = 64;
    static final long PARKED = 128;
    static final long KEY = 192;
    static final long NAME_LENGTH = 232;
    static final long NAME = 236;
    static final int NAME_CAPACITY = 128;
    private static final long PLACE_SIZE = 384;

    // Slot, relative to its start
    private static final int SLOT_HEADER = 18;
    private static final int SLOT_DUE = -18;
    private static final int SLOT_HASH = -10;

    // A ring entry: slot in bits 0 to 31, length in 32 to 51, flags above
    static final int TIMED = 1;
    static final int HASHED = 2;

    final int places;
    final int ring;
    final int frames;
    final int capacity;
    final long size;

    private final int giveBackRing;
    private final int stride;
    private final long lanesAt;
    private final long laneSize;
    private final long framesAt;

    /**
     * @param places how many places
     * @param ring entries of the ring from one place to another, a power of two
     * @param frames slots in each place's pool
     * @param capacity bytes of the longest frame
     */
    Layout(int places, int ring, int frames, int capacity) {
        this.places = places;
        this.ring = ring;
        this.frames = frames;
        this.capacity = capacity;
        giveBackRing = powerOfTwo(frames);
        // An odd number of cache lines, so that the starts of the slots spread over all sets of the caches.
        stride = ((SLOT_HEADER + capacity + LINE - 1) / LINE | 1) * LINE;
        lanesAt = HEADER_SIZE + places * PLACE_SIZE;
        laneSize = Ring.size(ring) + Ring.size(giveBackRing);
        framesAt = lanesAt + (long) places * places * laneSize;
        size = framesAt + (long) places * frames * stride;
    }

    /** Writes the geometry into the header of a wire's memory, which is empty otherwise. */
    void write(MemorySegment memory) {
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, MAGIC_AT, MAGIC);
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, VERSION_AT, VERSION);
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, PLACES_AT, places);
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, RING_AT, ring);
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, FRAMES_AT, frames);
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, CAPACITY_AT, capacity);
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, SIZE_AT, size);
    }

    /** The geometry in the header of a wire's memory of this size; empty if it cannot be. */
    static Optional<Layout> read(MemorySegment header, long size) {
        int places = header.get(ValueLayout.JAVA_INT_UNALIGNED, PLACES_AT);
        int ring = header.get(ValueLayout.JAVA_INT_UNALIGNED, RING_AT);
        int frames = header.get(ValueLayout.JAVA_INT_UNALIGNED, FRAMES_AT);
        int capacity = header.get(ValueLayout.JAVA_INT_UNALIGNED, CAPACITY_AT);
        boolean possible = places >= 1
                && places <= WireConfig.MAXIMUM_PLACES
                && Integer.bitCount(ring) == 1
                && ring > 0
                && ring <= WireConfig.MAXIMUM_RING
                && frames >= 1
                && frames <= WireConfig.MAXIMUM_FRAMES
                && capacity >= WireConfig.MINIMUM_MTU
                && capacity <= WireConfig.MAXIMUM_MTU + WireConfig.ETHERNET_HEADER;
        return possible
                ? Optional.of(new Layout(places, ring, frames, capacity))
                        .filter(layout -> layout.size == header.get(ValueLayout.JAVA_LONG_UNALIGNED, SIZE_AT)
                                && layout.size <= size)
                : Optional.empty();
    }

    static int powerOfTwo(int atLeast) {
        return atLeast <= 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
    }

    /** Where the record of a place begins. */
    static long place(int place) {
        return HEADER_SIZE + place * PLACE_SIZE;
    }

    /** Where the ring of frames from one place to another begins. */
    long lane(int from, int to) {
        return lanesAt + ((long) from * places + to) * laneSize;
    }

    /** Where the ring begins by which {@code to} gives frames back to {@code from}. */
    long giveBack(int from, int to) {
        return lane(from, to) + Ring.size(ring);
    }

    int giveBackRing() {
        return giveBackRing;
    }

    /** The first slot of a place's pool. */
    int firstSlot(int place) {
        return place * frames;
    }

    /** Where the frame of a slot begins. */
    long frame(int slot) {
        return framesAt + (long) slot * stride + SLOT_HEADER;
    }

    static long due(MemorySegment memory, long frame) {
        return memory.get(ValueLayout.JAVA_LONG, frame + SLOT_DUE);
    }

    static void due(MemorySegment memory, long frame, long due) {
        memory.set(ValueLayout.JAVA_LONG, frame + SLOT_DUE, due);
    }

    static int hash(MemorySegment memory, long frame) {
        return memory.get(ValueLayout.JAVA_INT, frame + SLOT_HASH);
    }

    static void hash(MemorySegment memory, long frame, int hash) {
        memory.set(ValueLayout.JAVA_INT, frame + SLOT_HASH, hash);
    }

    /** The destination hardware address of a frame. */
    static long destination(MemorySegment memory, long frame) {
        return memory.get(BIG_ENDIAN_LONG, frame) >>> 16;
    }

    static long entry(int slot, int length, int flags) {
        return (long) flags << 52 | (long) length << 32 | slot;
    }

    static int slot(long entry) {
        return (int) entry;
    }

    static int length(long entry) {
        return (int) (entry >>> 32) & 0xf_ffff;
    }

    static int flags(long entry) {
        return (int) (entry >>> 52);
    }
}
