package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two engines with all kinds of settings and a bad link between them, which loses, repeats, delays and reorders: both streams arrive as they were sent, and
 * both sides end in order.
 */
class TransferTest {

    private static final int PORT = 80;
    private static final long MS = 1_000_000;
    private static final long LONGEST = 4 * 3600 * 1000 * MS;

    /** A segment on its way. */
    private record Flying(byte[] bytes, boolean toServer, long arrival, long number) {}

    /** An application: what it has still to write, and what it has read. */
    private final class User {
        final Pair.Side side;
        final Connection c;
        final Streams writes;
        final Streams reads;
        final int total;
        final int pace;
        int written;
        int read;
        boolean closed;

        User(Pair.Side side, Connection c, Streams writes, Streams reads, int total) {
            this.side = side;
            this.c = c;
            this.writes = writes;
            this.reads = reads;
            this.total = total;
            this.pace = 1 + random.nextInt(40_000);
            c.attach(this);
        }

        void act() {
            if (closed) {
                return;
            }
            int length = Math.min(total - written, random.nextInt(pace));
            writes.fill(memory, 0, written, length);
            written += side.tcp.write(c, memory, 0, length);
            int taken = side.tcp.read(c, memory, 0, random.nextInt(pace));
            reads.check(memory.asSlice(0, taken).toArray(ValueLayout.JAVA_BYTE), read);
            read += taken;
            if (written == total && random.nextInt(10) == 0) {
                side.tcp.shutdownOutput(c);
            }
            closed = c.state() == State.CLOSED && c.readable() == 0;
        }
    }

    private final MemorySegment memory = Arena.ofAuto().allocate(1 << 16);
    private final PriorityQueue<Flying> link =
            new PriorityQueue<>(Comparator.comparingLong(Flying::arrival).thenComparingLong(Flying::number));
    private SplittableRandom random = new SplittableRandom();
    private long number;
    private final Witness client = new Witness();
    private final Witness server = new Witness();
    private int loss;
    private int repetition;
    private long delay;
    private long jitter;

    @ParameterizedTest
    @ValueSource(
            longs = {
                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
                29, 30
            })
    void badLink_bothStreamsArriveAndBothSidesEnd(long seed) {
        random = new SplittableRandom(seed);
        loss = random.nextInt(4) == 0 ? 0 : random.nextInt(120);
        repetition = random.nextInt(50);
        delay = random.nextInt(50) * MS + random.nextInt(1000);
        jitter = random.nextBoolean() ? 1 : 1 + random.nextInt(20) * MS;
        try (Pair pair = new Pair(settings(), settings(), 2 + random.nextInt(300), 4 << 20, seed)) {
            pair.client.out.path.mtu = 296 + random.nextInt(1205);
            pair.server.out.path.mtu = 296 + random.nextInt(1205);
            transfer(pair);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private TcpSettings settings() {
        return TcpSettings.DEFAULTS
                .with()
                .receiveBuffer(1000 + random.nextInt(random.nextBoolean() ? 5_000 : 300_000))
                .sendBuffer(1000 + random.nextInt(random.nextBoolean() ? 5_000 : 300_000))
                .congestionControl(random.nextBoolean() ? "cubic" : "newreno")
                .initialWindow(1 + random.nextInt(10))
                .windowScaling(random.nextInt(3) > 0)
                .timestamps(random.nextInt(3) > 0)
                .sack(random.nextInt(3) > 0)
                .noDelay(random.nextBoolean())
                .delayedAck(random.nextInt(100) * MS)
                .synRetries(20)
                .synAckRetries(20)
                .build();
    }

    private void transfer(Pair pair) {
        Listener listener = pair.server.tcp.listen(0, 0, PORT, 4, pair.server.tcp.options());
        User near = new User(pair.client, pair.connect(PORT), Streams.FROM_US, Streams.TO_US, random.nextInt(200_000));
        User far = null;
        int ofServer = random.nextInt(200_000);
        long begin = pair.now;
        while (!near.closed || far == null || !far.closed) {
            assertThat(pair.now - begin).as("time passed: " + near.c.info()).isLessThan(LONGEST);
            step(pair);
            near.act();
            if (far == null) {
                Connection c = pair.server.tcp.accept(listener);
                far = c == null ? null : new User(pair.server, c, Streams.TO_US, Streams.FROM_US, ofServer);
            } else {
                far.act();
            }
        }
        assertThat(near.c.error()).isEqualTo(CloseReason.NORMAL);
        assertThat(far.c.error()).isEqualTo(CloseReason.NORMAL);
        assertThat(far.read).as("bytes to the server").isEqualTo(near.total);
        assertThat(near.read).as("bytes to the client").isEqualTo(far.total);
        near.c.detach();
        far.c.detach();
        pair.server.tcp.close(listener);
        pair.client.assertEmpty();
        pair.server.assertEmpty();
    }

    /** Goes on to when something happens next, at most a few milliseconds. */
    private void step(Pair pair) {
        long next = pair.now + 1 + random.nextLong(5 * MS);
        if (!link.isEmpty()) {
            next = Math.min(next, link.element().arrival);
        }
        next = Math.min(next, Math.min(pair.client.wheel.nextDeadline(), pair.server.wheel.nextDeadline()));
        pair.now = Math.max(pair.now, next);
        while (!link.isEmpty() && link.element().arrival <= pair.now) {
            Flying flying = link.remove();
            deliver(
                    flying,
                    flying.toServer ? pair.server : pair.client,
                    flying.toServer ? pair.client : pair.server,
                    pair);
        }
        pair.timersAndOutput(pair.client);
        pair.timersAndOutput(pair.server);
        send(pair.client.out, true, pair.now);
        send(pair.server.out, false, pair.now);
        forgetEvents(pair.client.tcp);
        forgetEvents(pair.server.tcp);
        Invariants.check(pair.client.tcp);
        Invariants.check(pair.server.tcp);
    }

    private void deliver(Flying flying, Pair.Side to, Pair.Side from, Pair pair) {
        (flying.toServer ? server : client).received(flying.bytes);
        MemorySegment.copy(flying.bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, flying.bytes.length);
        to.tcp.segment(memory, 0, flying.bytes.length, 0, from.address, 0, to.address, 0, pair.now);
    }

    private void send(Wire out, boolean toServer, long now) {
        while (!out.isEmpty()) {
            byte[] bytes = out.first();
            out.drop();
            (toServer ? client : server).sends(bytes);
            int copies = random.nextInt(1000) < loss ? 0 : random.nextInt(1000) < repetition ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                link.add(new Flying(bytes, toServer, now + delay + random.nextLong(jitter), number++));
            }
        }
    }

    private static void forgetEvents(Tcp tcp) {
        for (Connection c = tcp.pollEvent(); c != null; c = tcp.pollEvent()) {
            c.takeEvents();
        }
        while (tcp.pollListener() != null) {
            // it is polled anyway
        }
    }
}
