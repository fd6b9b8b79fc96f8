package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.buffer.ChunkPool;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.timer.TimerWheel;
import dev.jmtcp.core.wire.Address;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/** Two engines joined back to back by a {@link Wire} each way, in virtual time. A turn is as that of a stack: receive, timers, send. */
final class Pair implements AutoCloseable {

    static final long MICROSECOND = 1_000;

    /** One of the two. */
    static final class Side {

        final long address;
        final Counters counters = new Counters();
        final TimerWheel wheel;
        final ChunkPool chunks;
        final Wire out;
        final Tcp tcp;

        private Side(Arena arena, int host, TcpSettings settings, int slots, long poolBytes, long seed, long now) {
            address = Address.ofIpv4(0x0a000000 + host);
            wheel = new TimerWheel(now);
            chunks = new ChunkPool(poolBytes);
            out = new Wire(arena, address, slots);
            tcp = new Tcp(out, settings, counters, wheel, chunks, new SplittableRandom(seed), LocalPorts.ANY);
            tcp.advance(now);
        }

        long count(Counter counter) {
            return counters.value(counter);
        }

        /** Everything has gone back to where it came from. */
        void assertEmpty() {
            assertThat(tcp.connections()).as("connections").isZero();
            assertThat(wheel.size()).as("timers").isZero();
            assertThat(chunks.bytesInUse()).as("bytes of buffers").isZero();
            assertThat(tcp.hasReady()).as("connections ready").isFalse();
        }
    }

    private final Arena arena = Arena.ofConfined();
    final Side client;
    final Side server;
    long now;

    Pair(TcpSettings settings) {
        this(settings, settings, 1024, 64 << 20, 1);
    }

    Pair(TcpSettings ofClient, TcpSettings ofServer, int slots, long poolBytes, long seed) {
        now = 3_600_000_000_000L + seed;
        client = new Side(arena, 1, ofClient, slots, poolBytes, seed, now);
        server = new Side(arena, 2, ofServer, slots, poolBytes, ~seed, now);
    }

    /** One turn of each, after some microseconds. */
    void turn(long micros) {
        pass(micros);
        turnOfClient();
        turnOfServer();
    }

    void pass(long micros) {
        now += micros * MICROSECOND;
    }

    void turnOfClient() {
        turn(client, server.out);
    }

    void turnOfServer() {
        turn(server, client.out);
    }

    private void turn(Side side, Wire in) {
        side.tcp.advance(now);
        in.deliver(side.tcp, side.address, now);
        timersAndOutput(side);
    }

    void timersAndOutput(Side side) {
        side.tcp.advance(now);
        side.wheel.advance(now);
        side.tcp.flush();
    }

    Connection connect(int port) {
        return client.tcp.connect(0, 0, 0, 0, server.address, port, client.tcp.options());
    }

    @Override
    public void close() {
        client.chunks.close();
        server.chunks.close();
        arena.close();
    }
}
