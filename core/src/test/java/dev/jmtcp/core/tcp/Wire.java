package dev.jmtcp.core.tcp;

import dev.jmtcp.core.wire.Address;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** The way from one engine to another, without the layers between: segments lie in a ring until they are delivered. Allocates nothing once made. */
final class Wire implements Network {

    private static final int SLOT = 2048;

    final FakePath path = new FakePath();

    /** How many segments were committed. */
    long committed;

    private final MemorySegment memory;
    private final int slots;
    private final int[] lengths;
    private final long[] sources;
    private final long[] destinations;
    private final int[] classes;

    /** Of so many packets that can tell of congestion (RFC 3168), one is marked; 0 for none. */
    int marked;

    private int capable;
    private final long local;
    private int head;
    private int count;

    /**
     * An empty wire.
     *
     * @param local the IPv4 address of the engine that sends on it, as its low half
     * @param slots how many segments it takes
     */
    Wire(Arena arena, long local, int slots) {
        this.local = local;
        this.slots = slots;
        memory = arena.allocate((long) slots * SLOT);
        lengths = new int[slots];
        sources = new long[slots];
        destinations = new long[slots];
        classes = new int[slots];
    }

    @Override
    public @Nullable Path path(long remoteHigh, long remoteLow) {
        return path;
    }

    @Override
    public long sourceHigh(Path path) {
        return 0;
    }

    @Override
    public long sourceLow(Path path) {
        return local;
    }

    @Override
    public boolean isLocal(long high, long low) {
        return high == 0 && low == local;
    }

    @Override
    public boolean isUnicast(long high, long low) {
        return Address.isIpv4(high, low);
    }

    @Override
    public MemorySegment memory(Path path) {
        return memory;
    }

    @Override
    public long reserve(Path path, int length) {
        return count == slots ? FULL : (long) ((head + count) % slots) * SLOT;
    }

    @Override
    public long reserveQueued(Path path, int length) {
        return reserve(path, length);
    }

    @Override
    public void commit(
            Path path,
            long localHigh,
            long localLow,
            long remoteHigh,
            long remoteLow,
            int length,
            int trafficClass,
            int hopLimit,
            int segmentSize) {
        int slot = (head + count) % slots;
        lengths[slot] = length;
        sources[slot] = localLow;
        destinations[slot] = remoteLow;
        classes[slot] = marks(trafficClass) ? trafficClass | 3 : trafficClass;
        count++;
        committed++;
    }

    private boolean marks(int trafficClass) {
        return marked > 0 && (trafficClass & 3) == 2 && ++capable % marked == 0;
    }

    @Override
    public void doubt(Path path) {}

    boolean isEmpty() {
        return count == 0;
    }

    /** Hands all that is on the wire for an address to the engine that has it; the rest is lost. */
    void deliver(Tcp to, long address, long now) {
        for (int left = count; left > 0; left--) {
            int slot = head;
            if (destinations[slot] == address) {
                to.segment(memory, (long) slot * SLOT, lengths[slot], 0, sources[slot], 0, address, classes[slot], now);
            }
            drop();
        }
    }

    /** A copy of the first segment, which stays. */
    byte[] first() {
        return memory.asSlice((long) head * SLOT, lengths[head]).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Loses the first segment. */
    void drop() {
        head = (head + 1) % slots;
        count--;
    }
}
