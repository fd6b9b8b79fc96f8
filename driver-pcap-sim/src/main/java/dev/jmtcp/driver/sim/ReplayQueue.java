package dev.jmtcp.driver.sim;

import dev.jmtcp.pcap.PcapReader;
import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.PortStatistics;
import dev.jmtcp.spi.RxFlags;
import dev.jmtcp.spi.Tally;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One queue of a port that is on no wire: it receives the frames of a capture file, and what it sends goes nowhere but into the recording.
 * Its memory holds the frames of one burst, then those to be sent.
 */
final class ReplayQueue extends PortQueue {

    private static final long BURST_ROOM = 8L * PcapReader.MAXIMUM_LENGTH;
    private static final int NOTHING = -1;

    private final Replay replay;
    private final boolean timed;
    private final LongSupplier clock;
    private final MemorySegment memory;
    private final @Nullable Recorder recorder;
    private final int port;
    private final int maximumFrame;
    private final int stride;
    private final int[] lengths;
    private final Tally rxPackets = new Tally();
    private final Tally rxBytes = new Tally();
    private final Tally txPackets = new Tally();
    private final Tally txBytes = new Tally();
    private int next;
    private int committed;
    private boolean wasFull;
    private int reserved = NOTHING;
    private @Nullable IOException failure;

    /**
     * @param memory of {@link #memorySize}
     * @param port the index of its port, for recordings
     */
    ReplayQueue(
            Replay replay,
            ReplayTiming timing,
            LongSupplier clock,
            MemorySegment memory,
            @Nullable Recorder recorder,
            int port,
            int mtu,
            int ring) {
        this.replay = replay;
        this.timed = timing != ReplayTiming.FAST;
        this.clock = clock;
        this.memory = memory;
        this.recorder = recorder;
        this.port = port;
        maximumFrame = mtu + WireConfig.ETHERNET_HEADER;
        stride = stride(mtu);
        lengths = new int[ring];
    }

    static long memorySize(int mtu, int ring) {
        return BURST_ROOM + (long) ring * stride(mtu);
    }

    private static int stride(int mtu) {
        return mtu + WireConfig.ETHERNET_HEADER + Layout.LINE & -Layout.LINE;
    }

    @Override
    int receive(FrameBurst burst) {
        burst.begin(memory);
        long now = timed ? clock.getAsLong() : Long.MAX_VALUE;
        long end = 0;
        long bytes = 0;
        while (!burst.isFull() && hasNext() && replay.due() <= now && end + replay.length() <= BURST_ROOM) {
            int length = replay.length();
            MemorySegment.copy(replay.memory(), replay.offset(), memory, end, length);
            boolean hashed = replay.hash() != Steering.NONE;
            burst.add(end, length, hashed ? RxFlags.HASH_VALID : 0, hashed ? (int) replay.hash() : 0);
            end += length;
            bytes += length;
            replay.advance();
        }
        if (burst.count() > 0) {
            rxPackets.add(burst.count());
            rxBytes.add(bytes);
        }
        return burst.count();
    }

    private boolean hasNext() {
        try {
            if (failure == null) {
                return replay.hasNext();
            }
        } catch (IOException e) {
            failure = e;
        }
        throw new DeviceFailedException("the replay ends: " + failure.getMessage(), failure);
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
    long reserve(int capacity) {
        wasFull = committed == lengths.length;
        if (wasFull) {
            return PacketQueue.FULL;
        }
        reserved = capacity;
        return slot(next);
    }

    @Override
    void checkCommit(int length) {
        checkCommit(length, reserved);
    }

    @Override
    void commit(int length, long offload) {
        checkCommit(length);
        if (offload != 0) {
            throw new IllegalArgumentException("this port does no offloading");
        }
        lengths[next] = length;
        next = next + 1 == lengths.length ? 0 : next + 1;
        committed++;
        reserved = NOTHING;
    }

    @Override
    int flush() {
        if (committed > 0) {
            long now = clock.getAsLong();
            long bytes = 0;
            for (int left = committed; left > 0; left--) {
                int i = next >= left ? next - left : next - left + lengths.length;
                bytes += lengths[i];
                if (recorder != null) {
                    recorder.record(memory, slot(i), lengths[i], now, port);
                }
            }
            txPackets.add(committed);
            txBytes.add(bytes);
            committed = 0;
        }
        return 0;
    }

    private long slot(int i) {
        return BURST_ROOM + (long) i * stride;
    }

    @Override
    long nextArrival() {
        if (!hasNext()) {
            return NEVER;
        }
        return timed ? replay.due() : NOW;
    }

    @Override
    boolean hasRoomAgain() {
        boolean again = wasFull && committed < lengths.length;
        wasFull &= !again;
        return again;
    }

    @Override
    void park(Thread thread) {
        // Nobody sends here: a thread rests until the next frame is due.
    }

    @Override
    void unpark() {
        // See park.
    }

    @Override
    long longestSleep() {
        return Long.MAX_VALUE;
    }

    @Override
    PortStatistics statistics() {
        return new PortStatistics(
                rxPackets.value(),
                rxBytes.value(),
                txPackets.value(),
                txBytes.value(),
                Map.of(
                        "not Ethernet",
                        replay.notEthernet.value(),
                        "shorter than an Ethernet header",
                        replay.tooShort.value()));
    }
}
