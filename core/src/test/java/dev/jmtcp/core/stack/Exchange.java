package dev.jmtcp.core.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.tcp.CloseReason;
import dev.jmtcp.core.tcp.Connection;
import dev.jmtcp.core.tcp.Events;
import dev.jmtcp.core.tcp.Listener;
import dev.jmtcp.core.tcp.State;
import dev.jmtcp.core.tcp.Tcp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Applications on the stacks of a simulated network that send each other streams in both directions, each byte of which is known beforehand, in
 * pieces of any size, and close in any order. What arrives is compared byte by byte as it comes.
 */
final class Exchange implements StackClient {

    private static final int PIECE = 8192;

    private final Tcp tcp;
    private final SplittableRandom random;
    private final int maxPiece;
    private final MemorySegment scratch = Arena.global().allocate(PIECE);
    int finished;
    int aborted;

    /** One end of a connection. */
    private static final class End {
        final int outSeed;
        final int inSeed;
        final long total;
        final long expected;
        final boolean closesFirst;
        long written;
        long received;
        boolean shut;

        End(int outSeed, int inSeed, long total, long expected, boolean closesFirst) {
            this.outSeed = outSeed;
            this.inSeed = inSeed;
            this.total = total;
            this.expected = expected;
            this.closesFirst = closesFirst;
        }
    }

    Exchange(Stack stack, long seed, int maxPiece) {
        tcp = stack.tcp();
        random = new SplittableRandom(seed);
        this.maxPiece = maxPiece;
        stack.client(this);
    }

    /** The byte at a place of a stream. */
    private static byte byteAt(int seed, long position) {
        long x = (position + 1) * 0x9e3779b97f4a7c15L ^ seed * 0xc2b2ae3d27d4eb4fL;
        return (byte) (x >>> 56 ^ x >>> 24);
    }

    void listen(int port, int backlog) {
        var options = new dev.jmtcp.core.tcp.ConnectionOptions(tcp.options());
        assertThat(tcp.listen(0, 0, port, backlog, options)).isNotNull();
    }

    /** What the other side sends on connections from a port, known before they come. */
    void expect(int remotePort, int outSeed, int inSeed, long total, long expected, boolean closesFirst) {
        ends.put(remotePort, new End(outSeed, inSeed, total, expected, closesFirst));
    }

    private final Map<Integer, End> ends = new HashMap<>();

    Connection connect(
            SimHost to,
            int port,
            int localPort,
            int outSeed,
            int inSeed,
            long total,
            long expected,
            boolean closesFirst) {
        Connection c = tcp.connect(0, 0, localPort, 0, to.low(), port, tcp.options());
        c.attach(new End(outSeed, inSeed, total, expected, closesFirst));
        return c;
    }

    @Override
    public boolean turn(long now) {
        boolean busy = false;
        for (Listener listener = tcp.pollListener(); listener != null; listener = tcp.pollListener()) {
            for (Connection c = tcp.accept(listener); c != null; c = tcp.accept(listener)) {
                End end = ends.get(c.remotePort());
                assertThat(end).as("a connection from a port nobody uses").isNotNull();
                c.attach(end);
                serve(c, end, 0);
                busy = true;
            }
        }
        for (Connection c = tcp.pollEvent(); c != null; c = tcp.pollEvent()) {
            int events = c.takeEvents();
            serve(c, (End) c.user(), events);
            busy = true;
        }
        return busy;
    }

    private void serve(Connection c, @Nullable End end, int events) {
        if (end == null) {
            return;
        }
        receive(c, end);
        if (c.state() != State.SYN_SENT) {
            send(c, end);
        }
        boolean allIn = c.peerClosed() && c.readable() == 0;
        if ((events & Events.CLOSED) != 0) {
            if (c.error() != CloseReason.NORMAL) {
                aborted++;
            } else {
                assertThat(end.received).as("bytes received at the end").isEqualTo(end.expected);
                finished++;
            }
            c.detach();
            return;
        }
        if (allIn && end.shut && end.received == end.expected) {
            finished++;
            tcp.close(c);
        }
    }

    private void receive(Connection c, End end) {
        while (c.readable() > 0) {
            int wanted = 1 + random.nextInt(Math.min(maxPiece, PIECE));
            int count = tcp.read(c, scratch, 0, wanted);
            for (int i = 0; i < count; i++) {
                byte is = scratch.get(ValueLayout.JAVA_BYTE, i);
                byte should = byteAt(end.inSeed, end.received + i);
                if (is != should) {
                    throw new AssertionError(
                            "byte " + (end.received + i) + " of " + c + " is " + is + ", not " + should);
                }
            }
            end.received += count;
            assertThat(end.received).isLessThanOrEqualTo(end.expected);
        }
    }

    private void send(Connection c, End end) {
        while (end.written < end.total) {
            int count = (int) Math.min(1 + random.nextInt(Math.min(maxPiece, PIECE)), end.total - end.written);
            for (int i = 0; i < count; i++) {
                scratch.set(ValueLayout.JAVA_BYTE, i, byteAt(end.outSeed, end.written + i));
            }
            int taken = tcp.write(c, scratch, 0, count);
            end.written += taken;
            if (taken < count) {
                return;
            }
        }
        if (!end.shut && (end.closesFirst || c.peerClosed())) {
            end.shut = true;
            tcp.shutdownOutput(c);
        }
    }
}
