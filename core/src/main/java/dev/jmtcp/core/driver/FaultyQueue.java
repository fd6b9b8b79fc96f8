package dev.jmtcp.core.driver;

import dev.jmtcp.core.config.FaultConfig;
import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.Tally;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** One core's queue with faults. Every frame is copied once more, which is the price of being able to hold it. */
final class FaultyQueue implements PacketQueue {

    private static final int BURST = 64;
    private static final int FRAMES = 4096;

    /** Frames that the device coalesced take up to 64 KiB each. */
    private static final int COALESCED_FRAMES = 512;

    private static final int ETHERNET = 14;
    private static final int LONGEST_PACKET = 65535;

    private final PacketQueue queue;
    private final LongSupplier clock;
    private final FrameBurst arrived = new FrameBurst(BURST);
    private final PortLines[] ports;
    private volatile boolean closed;

    FaultyQueue(PacketQueue queue, List<Port> ports, FaultConfig faults, SplittableRandom random, LongSupplier clock) {
        this.queue = queue;
        this.clock = clock;
        this.ports =
                ports.stream().map(port -> new PortLines(port, faults, random)).toArray(PortLines[]::new);
    }

    @Override
    public int receive(int port, FrameBurst burst) {
        PortLines lines = lines(port);
        long now = clock.getAsLong();
        release(now);
        lines.takeBack();
        HeldFrames held = lines.in.held;
        // Every frame may come twice. What has no room waits in the device.
        if (held.available() >= 2 * BURST) {
            queue.receive(port, arrived);
            for (int i = 0; i < arrived.count(); i++) {
                lines.arrived(arrived, i, now);
            }
        }
        burst.begin(held.memory);
        while (held.isDue(now) && !burst.isFull()) {
            lines.handOut(burst);
        }
        lines.received.add(burst.count());
        return burst.count();
    }

    @Override
    public MemorySegment transmitMemory(int port) {
        return lines(port).out.held.memory;
    }

    @Override
    public long reserve(int port, int capacity) {
        PortLines lines = lines(port);
        HeldFrames held = lines.out.held;
        if (capacity < 1 || capacity > held.longestFrame) {
            throw new IllegalArgumentException("capacity: " + capacity);
        }
        if (lines.reserved == HeldFrames.NONE) {
            lines.reserved = held.take();
        }
        lines.capacity = capacity;
        lines.refused = lines.reserved == HeldFrames.NONE;
        return lines.refused ? FULL : held.offset(lines.reserved);
    }

    @Override
    public void commit(int port, int length, long offload) {
        PortLines lines = lines(port);
        if (lines.reserved == HeldFrames.NONE) {
            throw new IllegalStateException("nothing is reserved on port " + port);
        }
        if (length < 1 || length > lines.capacity) {
            throw new IllegalArgumentException("length: " + length);
        }
        if (offload != 0) {
            throw new IllegalArgumentException("the port does nothing for the stack");
        }
        lines.out.admit(lines.reserved, length, 0, 0, clock.getAsLong());
        lines.reserved = HeldFrames.NONE;
    }

    @Override
    public int flush() {
        checkOpen();
        return release(clock.getAsLong());
    }

    @Override
    public void await(long timeoutNanos) {
        checkOpen();
        long now = clock.getAsLong();
        release(now);
        long timeout = timeoutNanos;
        for (PortLines lines : ports) {
            timeout = Math.min(timeout, lines.isWritableAgain() ? 0 : lines.untilNext(now));
        }
        queue.await(timeout);
    }

    @Override
    public void wakeup() {
        queue.wakeup();
    }

    void close() {
        closed = true;
    }

    long received(int port) {
        return ports[port].received.value();
    }

    long receivedBytes(int port) {
        return ports[port].receivedBytes.value();
    }

    long lost(int port) {
        return ports[port].in.lost.value() + ports[port].out.lost.value();
    }

    long tooLong(int port) {
        return ports[port].tooLong.value();
    }

    /** Hands to the device what is due, and says how many frames it did not take. */
    private int release(long now) {
        int left = 0;
        for (int port = 0; port < ports.length; port++) {
            HeldFrames held = ports[port].out.held;
            while (held.isDue(now)) {
                int length = held.firstLength();
                long to = queue.reserve(port, length);
                if (to == FULL) {
                    left += held.dueCount(now);
                    break;
                }
                int slot = held.firstSlot();
                MemorySegment.copy(held.memory, held.offset(slot), queue.transmitMemory(port), to, length);
                queue.commit(port, length, 0);
                held.removeFirst();
                held.give(slot);
            }
        }
        return left + queue.flush();
    }

    private PortLines lines(int port) {
        checkOpen();
        return ports[port];
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
    }

    /** Both ways of one port. */
    private static final class PortLines {

        final FaultLine in;
        final FaultLine out;
        final Tally received = new Tally();
        final Tally receivedBytes = new Tally();
        final Tally tooLong = new Tally();

        /** The slots of the frames that the stack looks at. */
        private final int[] handedOut;

        private int handedOutCount;

        /** The slot reserved for a frame to send. */
        int reserved = HeldFrames.NONE;

        int capacity;

        /** Whether the last reservation found no room. */
        boolean refused;

        PortLines(Port port, FaultConfig faults, SplittableRandom random) {
            Capabilities can = port.capabilities();
            boolean coalesced = can.has(Offload.TCP_COALESCING);
            int frames = coalesced ? COALESCED_FRAMES : FRAMES;
            int frame = ETHERNET + port.mtu();
            in = new FaultLine(faults, random.split(), frames, coalesced ? ETHERNET + LONGEST_PACKET : frame);
            out = new FaultLine(faults, random.split(), FRAMES, frame);
            handedOut = new int[frames];
        }

        void arrived(FrameBurst burst, int i, long now) {
            int length = burst.length(i);
            if (length > in.held.longestFrame) {
                tooLong.add(1);
                return;
            }
            int slot = in.held.take();
            MemorySegment.copy(burst.memory(), burst.offset(i), in.held.memory, in.held.offset(slot), length);
            in.admit(slot, length, burst.flags(i), burst.hash(i), now);
        }

        void handOut(FrameBurst burst) {
            HeldFrames held = in.held;
            int slot = held.firstSlot();
            burst.add(held.offset(slot), held.firstLength(), held.firstFlags(), held.firstHash());
            receivedBytes.add(held.firstLength());
            held.removeFirst();
            handedOut[handedOutCount++] = slot;
        }

        void takeBack() {
            while (handedOutCount > 0) {
                in.held.give(handedOut[--handedOutCount]);
            }
        }

        boolean isWritableAgain() {
            return refused && out.held.available() > 0;
        }

        /** Nanoseconds until a held frame is due. */
        long untilNext(long now) {
            long next = Long.MAX_VALUE;
            if (!in.held.isEmpty()) {
                next = in.held.firstDue() - now;
            }
            if (!out.held.isEmpty() && !out.held.isDue(now)) {
                next = Math.min(next, out.held.firstDue() - now);
            }
            return next;
        }
    }
}
