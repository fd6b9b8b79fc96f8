package dev.jmtcp.driver.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Who is on the wire at one time: the switch's table of hardware addresses. Immutable, for any thread. */
final class PortTable {

    static final int UNKNOWN = -1;

    private static final long NEVER = -1;

    final long epoch;

    private final boolean[] taken;
    private final long[] left;
    private final Entry[] ports;

    private record Entry(long mac, int[] places, @Nullable Steering steering, byte[] key) {}

    /** Reads the table; under the wire's lock. */
    PortTable(MemorySegment memory, Layout layout, @Nullable PortTable before) {
        epoch = (long) Layout.LONG.getAcquire(memory, Layout.EPOCH_AT);
        taken = new boolean[layout.places];
        left = new long[layout.places];
        var entries = new ArrayList<Entry>();
        for (int place = 0; place < layout.places; place++) {
            long at = Layout.place(place);
            int state = memory.get(ValueLayout.JAVA_INT, at + Layout.STATE);
            taken[place] = state == Places.TAKEN;
            left[place] = state == Places.LEFT ? memory.get(ValueLayout.JAVA_LONG, at + Layout.LEFT_EPOCH) : NEVER;
            if (taken[place] && memory.get(ValueLayout.JAVA_INT, at + Layout.LEAD) == place) {
                entries.add(entry(memory, layout, place, before));
            }
        }
        ports = entries.toArray(Entry[]::new);
    }

    private static Entry entry(MemorySegment memory, Layout layout, int lead, @Nullable PortTable before) {
        long at = Layout.place(lead);
        long mac = memory.get(ValueLayout.JAVA_LONG, at + Layout.MAC);
        var key = memory.asSlice(at + Layout.KEY, Places.KEY_LENGTH).toArray(ValueLayout.JAVA_BYTE);
        var places = new int[memory.get(ValueLayout.JAVA_INT, at + Layout.QUEUES)];
        for (int place = 0; place < layout.places; place++) {
            long record = Layout.place(place);
            if (memory.get(ValueLayout.JAVA_INT, record + Layout.STATE) == Places.TAKEN
                    && memory.get(ValueLayout.JAVA_INT, record + Layout.LEAD) == lead) {
                places[memory.get(ValueLayout.JAVA_INT, record + Layout.QUEUE)] = place;
            }
        }
        if (before != null) {
            for (Entry old : before.ports) {
                if (old.mac == mac && Arrays.equals(old.places, places) && Arrays.equals(old.key, key)) {
                    return old;
                }
            }
        }
        return new Entry(mac, places, places.length == 1 ? null : new Steering(key, places.length), key);
    }

    boolean isTaken(int place) {
        return taken[place];
    }

    /** Whether a place was left after this epoch, and not taken again. */
    boolean isLeftSince(int place, long epoch) {
        return left[place] > epoch;
    }

    /** How many places are taken. */
    int places() {
        int count = 0;
        for (boolean one : taken) {
            count += one ? 1 : 0;
        }
        return count;
    }

    int ports() {
        return ports.length;
    }

    /** The port with this hardware address, or {@link #UNKNOWN}. */
    int find(long mac) {
        for (int port = 0; port < ports.length; port++) {
            if (ports[port].mac == mac) {
                return port;
            }
        }
        return UNKNOWN;
    }

    /** The place of a port's queue. */
    int place(int port, int queue) {
        return ports[port].places[queue];
    }

    /** How the port spreads frames over its queues; null if it has one. */
    @Nullable
    Steering steering(int port) {
        return ports[port].steering;
    }
}
