package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PortConfig;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The places on a wire: who takes and leaves them. Every coming and going raises the wire's epoch. A place that was left can be taken
 * again only after every other has followed up to that epoch: has called its slots back and received the last frames. All calls under
 * the lock of the wire's memory.
 */
final class Places {

    static final int FREE = 0;
    static final int TAKEN = 1;
    static final int LEFT = 2;

    static final int KEY_LENGTH = 40;

    private final WireMemory wire;
    private final MemorySegment memory;
    private final Layout layout;

    Places(WireMemory wire) {
        this.wire = wire;
        memory = wire.segment();
        layout = wire.layout();
    }

    /** Where a port came to be. */
    record Taken(int[] places, MacAddress mac) {}

    /** Takes one place for each queue of a port. */
    Taken take(PortConfig port, int mtu, int queues, byte[] key, long seed, long clockOffset) throws PacketIoException {
        int[] places = vacant(queues);
        if (places.length < queues) {
            throw new PacketIoException("port " + port.name() + ": the wire has " + layout.places
                    + " places, of which " + places.length + " are free, and " + queues
                    + " are needed; make it larger (pcap-sim.places) or close ports");
        }
        MacAddress mac = mac(port, seed);
        for (int queue = 0; queue < queues; queue++) {
            int place = places[queue];
            for (int other = 0; other < layout.places; other++) {
                if (state(other) != TAKEN) {
                    reset(place, other);
                    reset(other, place);
                }
            }
            wire.take(place);
            write(place, places[0], queue, queues, port.name(), mac, mtu, key, clockOffset);
        }
        long epoch = epoch() + 1;
        for (int place : places) {
            Layout.LONG.setRelease(memory, Layout.place(place) + Layout.FOLLOWED_EPOCH, epoch - 1);
            Layout.INT.setRelease(memory, Layout.place(place) + Layout.STATE, TAKEN);
        }
        Layout.LONG.setRelease(memory, Layout.EPOCH_AT, epoch);
        return new Taken(places, mac);
    }

    /** Gives places up. */
    void leave(int[] places) {
        long epoch = epoch() + 1;
        for (int place : places) {
            markLeft(place, epoch);
            wire.leave(place);
        }
        Layout.LONG.setRelease(memory, Layout.EPOCH_AT, epoch);
    }

    /** Gives up the places of processes that died; whether there were any. */
    boolean leaveDead() {
        long epoch = epoch() + 1;
        boolean found = false;
        for (int place = 0; place < layout.places; place++) {
            if (state(place) == TAKEN && !wire.isAlive(place)) {
                markLeft(place, epoch);
                found = true;
            }
        }
        if (found) {
            Layout.LONG.setRelease(memory, Layout.EPOCH_AT, epoch);
        }
        return found;
    }

    private void markLeft(int place, long epoch) {
        memory.set(ValueLayout.JAVA_LONG, Layout.place(place) + Layout.LEFT_EPOCH, epoch);
        Layout.INT.setRelease(memory, Layout.place(place) + Layout.STATE, LEFT);
    }

    private int[] vacant(int wanted) {
        var found = new int[wanted];
        int count = 0;
        for (int place = 0; place < layout.places && count < wanted; place++) {
            if (isVacant(place)) {
                found[count++] = place;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private boolean isVacant(int place) {
        int state = state(place);
        if (state == LEFT) {
            long left = memory.get(ValueLayout.JAVA_LONG, Layout.place(place) + Layout.LEFT_EPOCH);
            for (int other = 0; other < layout.places; other++) {
                if (state(other) == TAKEN
                        && (long) Layout.LONG.getAcquire(memory, Layout.place(other) + Layout.FOLLOWED_EPOCH) < left) {
                    return false;
                }
            }
            return true;
        }
        return state == FREE;
    }

    private int state(int place) {
        return (int) Layout.INT.getAcquire(memory, Layout.place(place) + Layout.STATE);
    }

    private long epoch() {
        return (long) Layout.LONG.getAcquire(memory, Layout.EPOCH_AT);
    }

    private void reset(int from, int to) {
        Ring.reset(memory, layout.lane(from, to));
        Ring.reset(memory, layout.giveBack(from, to));
    }

    private void write(
            int place,
            int lead,
            int queue,
            int queues,
            String name,
            MacAddress mac,
            int mtu,
            byte[] key,
            long clockOffset) {
        long at = Layout.place(place);
        memory.set(ValueLayout.JAVA_INT, at + Layout.LEAD, lead);
        memory.set(ValueLayout.JAVA_INT, at + Layout.QUEUE, queue);
        memory.set(ValueLayout.JAVA_INT, at + Layout.QUEUES, queues);
        memory.set(ValueLayout.JAVA_LONG, at + Layout.MAC, mac.bits());
        memory.set(ValueLayout.JAVA_LONG, at + Layout.MTU, mtu);
        memory.set(ValueLayout.JAVA_LONG, at + Layout.CLOCK_OFFSET, clockOffset);
        Layout.INT.setRelease(memory, at + Layout.PARKED, 0);
        MemorySegment.copy(key, 0, memory, ValueLayout.JAVA_BYTE, at + Layout.KEY, KEY_LENGTH);
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, Layout.NAME_CAPACITY);
        memory.set(ValueLayout.JAVA_INT, at + Layout.NAME_LENGTH, length);
        MemorySegment.copy(text, 0, memory, ValueLayout.JAVA_BYTE, at + Layout.NAME, length);
    }

    /** The configured address, or one made up that is unique on the wire. */
    private MacAddress mac(PortConfig port, long seed) throws PacketIoException {
        Set<Long> used = new HashSet<>();
        for (int place = 0; place < layout.places; place++) {
            if (state(place) == TAKEN) {
                used.add(memory.get(ValueLayout.JAVA_LONG, Layout.place(place) + Layout.MAC));
            }
        }
        @Nullable MacAddress configured = port.mac().orElse(null);
        if (configured != null) {
            if (used.contains(configured.bits())) {
                throw new InvalidOptionException(
                        "port." + port.name() + ".mac",
                        "the hardware address " + configured + " is on this wire already",
                        "another, or nothing");
            }
            return configured;
        }
        return makeMac(port.name(), seed, used);
    }

    /** An address made of a port's name and the seed: locally administered, unicast, and none of those in use. */
    static MacAddress makeMac(String name, long seed, Set<Long> used) {
        var random = new SplittableRandom(seed * 31 + name.hashCode());
        while (true) {
            long bits = random.nextLong() >>> 16 & ~(1L << 40) | 1L << 41;
            if (!used.contains(bits)) {
                return new MacAddress(bits);
            }
        }
    }
}
