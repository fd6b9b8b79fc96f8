package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;

/**
 * An open link: numbered frames in at the near end, checked frames out at the far end. Uses queue 0 of both ends. The methods that
 * pass frames allocate nothing unless they fail.
 */
final class Link {

    private final DriverFixture fixture;
    private final End near;
    private final End far;
    private int next;
    private int expected;
    private long sentBytes;
    private int came;
    private long taken;
    private long takenBytes;

    Link(DriverFixture fixture, End near, End far) {
        this.fixture = fixture;
        this.near = near;
        this.far = far;
    }

    DriverFixture fixture() {
        return fixture;
    }

    End near() {
        return near;
    }

    End far() {
        return far;
    }

    PacketQueue sender() {
        return near.queues()[0];
    }

    PacketQueue receiver() {
        return far.queues()[0];
    }

    /** Whether one driver has both ends, and one queue object hence. */
    boolean isOneDriver() {
        return near.io().equals(far.io());
    }

    /** Whether the port gets back what it sends. */
    boolean isLooped() {
        return isOneDriver() && near.index() == far.index();
    }

    /** The same wire in the other direction. */
    Link reversed() {
        return new Link(fixture, far, near);
    }

    /** The frames of ours committed so far. */
    int sent() {
        return next;
    }

    long sentBytes() {
        return sentBytes;
    }

    /** The frames of ours received so far. */
    int came() {
        return came;
    }

    /** All frames received so far, those of others included. */
    long taken() {
        return taken;
    }

    long takenBytes() {
        return takenBytes;
    }

    /** Lets a moment pass. */
    void turn() {
        fixture.clock().pass(Limits.TURN);
    }

    /** When what has not come by then counts as lost. */
    long deadline() {
        return System.nanoTime() + fixture.patienceNanos();
    }

    /** Whether there is still time. */
    boolean isBefore(long deadline) {
        return System.nanoTime() - deadline < 0;
    }

    /** Writes and commits the next frame; whether there was room. */
    boolean offer(int length) {
        long offset = sender().reserve(near.index(), length);
        if (offset == PacketQueue.FULL) {
            return false;
        }
        write(offset, length);
        commit(length);
        return true;
    }

    /** Writes the next frame where room was reserved for it. */
    void write(long offset, int length) {
        MemorySegment memory = sender().transmitMemory(near.index());
        if (offset < 0 || offset > memory.byteSize() - length) {
            throw new AssertionError("reserved at " + offset + ", outside of the transmit memory: " + memory);
        }
        TestFrame.write(memory, offset, length, next, far.mac(), near.mac());
    }

    /** Commits the next frame, written where room was reserved for it. */
    void commit(int length) {
        sender().commit(near.index(), length, TxOffload.NONE);
        next++;
        sentBytes += length;
    }

    /** Reserves room for a frame on a link that has some. */
    long reserve(int capacity) {
        for (long end = deadline(); ; ) {
            long offset = sender().reserve(near.index(), capacity);
            if (offset != PacketQueue.FULL) {
                return offset;
            }
            if (!isBefore(end)) {
                throw new AssertionError("reserve says FULL on and on, with every frame received");
            }
            flush();
            turn();
        }
    }

    /** Sends frames; the caller keeps to {@link DriverFixture#framesInFlight}. */
    void send(int frames, int length) {
        for (int i = 0; i < frames; i++) {
            write(reserve(length), length);
            commit(length);
        }
        flushAll();
    }

    /** Flushes once; how many frames stay behind. */
    int flush() {
        int left = sender().flush();
        if (left < 0) {
            throw new AssertionError("flush returned " + left);
        }
        return left;
    }

    /** Flushes until all is out. */
    void flushAll() {
        for (long end = deadline(); flush() > 0; ) {
            if (!isBefore(end)) {
                throw new AssertionError("flush does not get rid of " + flush() + " frames");
            }
            turn();
        }
    }

    /** Receives once from one of the far end's queues. */
    int take(int queue, FrameBurst burst) {
        int count = far.queues()[queue].receive(far.index(), burst);
        if (count != burst.count() || count < 0 || count > burst.capacity()) {
            throw new AssertionError("receive returned " + count + ", the burst holds " + burst.count() + " of "
                    + burst.capacity() + " frames");
        }
        long size = burst.memory().byteSize();
        if (!burst.memory().isNative()) {
            throw new AssertionError("frames lie in memory that is not native: " + burst.memory());
        }
        for (int i = 0; i < count; i++) {
            int length = burst.length(i);
            if (length < 1 || burst.offset(i) < 0 || burst.offset(i) > size - length) {
                throw new AssertionError("a frame of " + length + " bytes at " + burst.offset(i)
                        + ", outside of its memory: " + burst.memory());
            }
            takenBytes += length;
        }
        taken += count;
        return count;
    }

    /** Checks the frames of ours in a burst: each is whole and the next one in order. How many there are. */
    int accept(FrameBurst burst) {
        int ours = 0;
        MemorySegment memory = burst.memory();
        for (int i = 0; i < burst.count(); i++) {
            if (!TestFrame.isOurs(memory, burst.offset(i), burst.length(i))) {
                continue;
            }
            ours++;
            int sequence = TestFrame.sequence(memory, burst.offset(i));
            boolean inOrder = fixture.whenFull() == DriverFixture.WhenFull.WAITS
                    ? sequence == expected
                    : sequence - expected >= 0 && sequence - next < 0;
            if (!inOrder) {
                throw new AssertionError("frame " + sequence + " came, where frame " + expected + " was next; sent: "
                        + next + " frames, numbered from 0");
            }
            expected = sequence + 1;
            came++;
            int wrong = TestFrame.firstWrong(memory, burst.offset(i), burst.length(i), far.mac(), near.mac());
            if (wrong >= 0) {
                throw new AssertionError("frame " + sequence + " is not as it was sent: received " + burst.length(i)
                        + " bytes, wrong at byte " + wrong);
            }
        }
        return ours;
    }

    /** Receives all frames sent; none may be missing. */
    void expectAll(FrameBurst burst) {
        int awaited = next - expected;
        int before = came;
        for (long end = deadline(); expected != next; ) {
            if (take(0, burst) > 0 && accept(burst) > 0) {
                end = deadline();
                continue;
            }
            if (!isBefore(end)) {
                throw new AssertionError(
                        "frame " + expected + " never came; sent: " + next + " frames, numbered from 0, in order");
            }
            flush();
            turn();
        }
        if (came - before != awaited) {
            throw new AssertionError(
                    "only " + (came - before) + " of " + awaited + " frames came, though the link had room for all");
        }
        giveBack(burst);
    }

    /** Gives the frames of the last burst back to the driver: receives once more, nothing of ours. */
    private void giveBack(FrameBurst burst) {
        take(0, burst);
        accept(burst);
    }

    /** Receives until all is out, on a link that may have been overrun: where frames can get lost, asks for the end with one more. */
    void drain(FrameBurst burst) {
        if (fixture.whenFull() == DriverFixture.WhenFull.WAITS) {
            expectAll(burst);
            return;
        }
        boolean asked = false;
        int asking = 0;
        long sinceAsked = 0;
        for (long end = deadline(); !asked || expected - asking <= 0; ) {
            if (take(0, burst) > 0 && accept(burst) > 0) {
                end = deadline();
                continue;
            }
            if (!isBefore(end)) {
                throw new AssertionError(
                        "frame " + expected + " or a later one never came; sent: " + next + " frames, numbered from 0");
            }
            if (flush() == 0 && (!asked || sinceAsked > Limits.ASK_AGAIN) && offer(TestFrame.ETHERNET_MINIMUM)) {
                flush();
                asked = true;
                asking = next - 1;
                sinceAsked = 0;
            }
            turn();
            sinceAsked += Limits.TURN;
        }
    }

    /**
     * Commits frames while nobody receives, until there is no room for more or, where frames get lost instead, very many went in.
     *
     * @param flushing whether to flush in between, so that all rings on the way fill up
     * @return whether reserve said FULL
     */
    boolean fill(boolean flushing) {
        boolean waits = fixture.whenFull() == DriverFixture.WhenFull.WAITS;
        int refused = 0;
        for (int i = 0; i < (waits ? Limits.MANY : Limits.OVERRUN); i++) {
            if (offer(TestFrame.ETHERNET_MINIMUM)) {
                refused = 0;
            } else if (!flushing || ++refused > 3) {
                return true;
            } else {
                flush();
                turn();
            }
            if (flushing && i % 32 == 31) {
                flush();
            }
        }
        if (waits) {
            throw new AssertionError("reserve never said FULL, though nobody receives; sent: " + next + " frames");
        }
        return false;
    }

    /** Passes this many frames through the link, in bursts. */
    void pass(int frames, int length, FrameBurst burst) {
        int window = Math.min(burst.capacity(), fixture.framesInFlight());
        for (int left = frames; left > 0; left -= window) {
            send(Math.min(left, window), length);
            expectAll(burst);
        }
    }

    /** The link still works and nothing is on the wire that was not expected. */
    void assertSettled() {
        send(1, TestFrame.ETHERNET_MINIMUM);
        expectAll(new FrameBurst(32));
        assertThat(expected).as("frames come out as often as they were sent").isEqualTo(next);
    }
}
