package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.wire.Address;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The layers below TCP as a test wants them: one path to one neighbour, in native memory. Keeps each segment that is committed. Can be told to be full
 * after some more segments, not to know the neighbour's address, or to have no route. Holds its user to the contract of {@link Network}.
 */
final class FakeNetwork implements Network {

    /** Always room. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    /** A byte that is in no pattern of a test by chance often: what is reserved is full of it, so that what was not written shows. */
    private static final byte GARBAGE = (byte) 0xee;

    private static final int LENGTH = 1 << 17;

    /** One for all tests, which is quicker than one for each. */
    private static final MemorySegment MEMORY = Arena.global().allocate(LENGTH);

    /** A segment as it was committed. */
    record Sent(
            byte[] bytes,
            long localHigh,
            long localLow,
            long remoteHigh,
            long remoteLow,
            int trafficClass,
            int hopLimit,
            int segmentSize) {}

    final FakePath path = new FakePath();
    final ArrayDeque<Sent> sent = new ArrayDeque<>();

    /** What waits for the neighbour. */
    private final ArrayDeque<Sent> kept = new ArrayDeque<>();

    /** How many segments may be reserved before the ring is full. */
    int room = UNLIMITED;

    boolean unresolved;
    boolean noRoute;

    /** How often the next hop was doubted. */
    int doubts;

    /** How often a frame was asked for while the neighbour was unknown. */
    int resolutions;

    /** How many segments were committed. */
    long committed;

    private final long localHigh;
    private final long localLow;
    private int reserved = -1;
    private boolean keep;
    private long at = 64;

    FakeNetwork(long localHigh, long localLow) {
        this.localHigh = localHigh;
        this.localLow = localLow;
    }

    @Override
    public @Nullable Path path(long remoteHigh, long remoteLow) {
        return noRoute || !path.leadsTo(remoteHigh, remoteLow) ? null : path;
    }

    @Override
    public long sourceHigh(Path path) {
        return localHigh;
    }

    @Override
    public long sourceLow(Path path) {
        return localLow;
    }

    @Override
    public boolean isLocal(long high, long low) {
        return high == localHigh && low == localLow;
    }

    @Override
    public boolean isUnicast(long high, long low) {
        if (!Address.isIpv4(high, low)) {
            return high >>> 56 != 0xff && (high | low) != 0;
        }
        int first = Address.ipv4(low) >>> 24;
        return first != 0 && first != 127 && first < 224;
    }

    @Override
    public MemorySegment memory(Path path) {
        return MEMORY;
    }

    @Override
    public long reserve(Path path, int length) {
        assertThat(path).as("path").isSameAs(this.path);
        assertThat(reserved).as("a frame reserved and not committed").isEqualTo(-1);
        assertThat(length).as("length reserved").isBetween(20, LENGTH / 2);
        if (unresolved) {
            resolutions++;
            return UNRESOLVED;
        }
        return reserve(length);
    }

    @Override
    public long reserveQueued(Path path, int length) {
        assertThat(path).as("path").isSameAs(this.path);
        assertThat(reserved).as("a frame reserved and not committed").isEqualTo(-1);
        assertThat(length).as("length reserved").isBetween(20, this.path.mtu - this.path.ipHeaderLength());
        keep = unresolved;
        return reserve(length);
    }

    /** The neighbour has answered. */
    void resolve() {
        unresolved = false;
        sent.addAll(kept);
        kept.clear();
    }

    private long reserve(int length) {
        if (room == 0) {
            return FULL;
        }
        if (room != UNLIMITED) {
            room--;
        }
        reserved = length;
        at = at == 64 ? 66 : 64; // neither always the same place nor an aligned one
        MEMORY.asSlice(at, length + 64L).fill(GARBAGE);
        return at;
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
        assertThat(reserved).as("a frame reserved").isNotEqualTo(-1);
        assertThat(length).as("length committed").isBetween(20, reserved);
        for (int i = length; i < reserved + 64; i++) {
            if (MEMORY.get(ValueLayout.JAVA_BYTE, at + i) != GARBAGE) {
                throw new AssertionError("byte " + i + " written, " + length + " committed");
            }
        }
        reserved = -1;
        committed++;
        byte[] bytes = MEMORY.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
        (keep ? kept : sent)
                .add(new Sent(bytes, localHigh, localLow, remoteHigh, remoteLow, trafficClass, hopLimit, segmentSize));
        keep = false;
    }

    @Override
    public void doubt(Path path) {
        doubts++;
    }
}
