package dev.jmtcp.spi.tck.reference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.RxFlags;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The receive ring of a queue. Senders put frames in, under its lock; its owner takes them out. */
final class Incoming {

    private static final int ETHERNET_MINIMUM = 60;

    private final Settings settings;
    private final Steering steering;
    private final MemorySegment memory;
    private final int slotSize;
    private final int[] lengths;
    private final int[] flags;
    private final int[] hashes;
    private final long[] due;
    private long held;
    private long received;
    private long arrived;
    private long accepted;
    private long packets;
    private long bytes;
    private long dropped;
    private int lost;
    private Object waste = this;

    Incoming(Settings settings, Steering steering, int slotSize, Arena arena) {
        this.settings = settings;
        this.steering = steering;
        this.slotSize = slotSize;
        memory = arena.allocate((long) slotSize * settings.ring(), 64);
        lengths = new int[settings.ring()];
        flags = new int[settings.ring()];
        hashes = new int[settings.ring()];
        due = new long[settings.ring()];
    }

    /** Whether so many frames may be put in now: there is room, or what has none is dropped. */
    boolean takes(int frames) {
        return settings.drops()
                || settings.defect() == Defect.DROPS_SILENTLY_WHEN_FULL
                || arrived + frames - held <= lengths.length - lost;
    }

    /** Puts a copy of a frame in; {@link #takes} was true. */
    void put(MemorySegment from, long offset, int length, int flag) {
        if (arrived - held >= lengths.length - lost) {
            if (settings.defect() != Defect.DROPS_SILENTLY_WHEN_FULL) {
                dropped++;
            }
            return;
        }
        Defect defect = settings.defect();
        accepted++;
        place(from, offset, length, flag);
        if (defect == Defect.REORDERS && accepted % 40 == 0 && arrived - received > 1) {
            swapLastTwo();
        }
        if (defect == Defect.DUPLICATES && accepted % 40 == 0 && arrived - held < lengths.length) {
            place(from, offset, length, flag);
        }
        if (defect == Defect.LEAKS_FRAMES && accepted % 100 == 0 && lost < lengths.length) {
            lost++;
        }
        if (settings.chatter() && accepted % 7 == 0 && arrived - held < lengths.length) {
            chatter();
        }
    }

    private void place(MemorySegment from, long offset, int length, int flag) {
        int slot = slot(arrived);
        long to = (long) slot * slotSize;
        MemorySegment.copy(from, offset, memory, to, length);
        int total = length;
        if (settings.pads() || settings.defect() == Defect.PADS_WITH_GARBAGE) {
            for (; total < ETHERNET_MINIMUM; total++) {
                memory.set(JAVA_BYTE, to + total, (byte) (settings.defect() == Defect.PADS_WITH_GARBAGE ? 0xdd : 0));
            }
        }
        lengths[slot] = settings.defect() == Defect.TRUNCATES_LONG_FRAMES && total > 1510 ? total - 1 : total;
        flags[slot] = settings.defect() == Defect.CALLS_ALL_CHECKSUMS_GOOD ? RxFlags.TCP_CHECKSUM_GOOD : flag;
        hashes[slot] = 0;
        if (steering.hashes(memory, to, total)) {
            hashes[slot] = steering.hash(memory, to) + (settings.defect() == Defect.TELLS_A_WRONG_HASH ? 1 : 0);
            flags[slot] |= RxFlags.HASH_VALID;
        }
        due[slot] = settings.clock().getAsLong() + settings.latency();
        arrived++;
    }

    /** A frame that no one here sent, as a kernel does. */
    private void chatter() {
        int slot = slot(arrived);
        for (int i = 0; i < 64; i++) {
            memory.set(JAVA_BYTE, (long) slot * slotSize + i, (byte) 0x33);
        }
        lengths[slot] = 64;
        flags[slot] = 0;
        due[slot] = settings.clock().getAsLong();
        arrived++;
    }

    private void swapLastTwo() {
        int a = slot(arrived - 1);
        int b = slot(arrived - 2);
        byte[] bytesOfA = memory.asSlice((long) a * slotSize, slotSize).toArray(JAVA_BYTE);
        MemorySegment.copy(memory, (long) b * slotSize, memory, (long) a * slotSize, slotSize);
        MemorySegment.copy(bytesOfA, 0, memory, JAVA_BYTE, (long) b * slotSize, slotSize);
        int length = lengths[a];
        lengths[a] = lengths[b];
        lengths[b] = length;
    }

    synchronized int receive(FrameBurst burst) {
        held = received;
        long now = settings.clock().getAsLong();
        if (settings.defect() == Defect.LEAVES_THE_BURST_FILLED && received == arrived) {
            return 0;
        }
        burst.begin(memory);
        while (received < arrived && due[slot(received)] - now <= 0) {
            int slot = slot(received);
            if (!burst.isFull()) {
                burst.add((long) slot * slotSize, lengths[slot], flags[slot], hashes[slot]);
                bytes += lengths[slot];
                packets++;
            } else if (settings.defect() != Defect.LOSES_WHAT_A_BURST_CANNOT_HOLD) {
                break;
            }
            received++;
            if (settings.defect() == Defect.ALLOCATES) {
                waste = new byte[16];
            }
        }
        if (settings.defect() == Defect.OVERWRITES_HELD_FRAMES) {
            held = received;
        }
        return burst.count();
    }

    synchronized boolean hasArrived() {
        return received < arrived && due[slot(received)] - settings.clock().getAsLong() <= 0;
    }

    synchronized long packets() {
        return settings.defect() == Defect.COUNTS_NO_RECEIVED_FRAMES || waste == null ? 0 : packets;
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized long dropped() {
        return dropped;
    }

    private int slot(long frame) {
        return (int) frame & lengths.length - 1;
    }
}
