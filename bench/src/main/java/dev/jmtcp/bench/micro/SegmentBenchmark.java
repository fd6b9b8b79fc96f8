package dev.jmtcp.bench.micro;

import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.ip.Ipv4Config;
import dev.jmtcp.core.ip.Prefix;
import dev.jmtcp.core.link.NeighbourConfig;
import dev.jmtcp.core.link.StaticNeighbour;
import dev.jmtcp.core.stack.Stack;
import dev.jmtcp.core.stack.StackConfig;
import dev.jmtcp.core.tcp.Connection;
import dev.jmtcp.core.tcp.ConnectionOptions;
import dev.jmtcp.core.tcp.Listener;
import dev.jmtcp.core.tcp.LocalPorts;
import dev.jmtcp.core.tcp.Tcp;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.spi.Capabilities;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * One segment through a whole stack, device excluded: in, from the frame to the application's memory, and out, the other way. Every second segment that comes in
 * is answered by an ACK, as it should be; each that goes out is acknowledged by one. {@code frame} is the peer's part, which is in both: subtract it.
 */
@State(Scope.Benchmark)
public class SegmentBenchmark extends Timed {

    private static final long BUFFERS = 1 << 24;

    /** How far time moves between two turns, in nanoseconds. */
    private static final long TURN = 1_000;

    private final SegmentFrame frame = new SegmentFrame();
    private final StubQueue queue = new StubQueue();
    private final Tcp tcp;
    private final Stack stack;
    private final Connection connection;
    private final MemorySegment data = Arena.ofAuto().allocate(SegmentFrame.MTU);
    private long now = 1;
    private int peerSeq = 1000;

    /** The bytes of a segment. */
    @Param({"64", "1448"})
    private int length;

    /** Creates the state: an established connection. */
    public SegmentBenchmark() {
        var port = new InterfaceConfig(
                0,
                SegmentFrame.HOST_MAC,
                SegmentFrame.MTU,
                Capabilities.NONE,
                List.of(new Prefix(SegmentFrame.HOST, 24)));
        var peer = new StaticNeighbour(new Prefix(SegmentFrame.PEER, 32), SegmentFrame.PEER_MAC);
        var config = new StackConfig(
                TcpSettings.DEFAULTS,
                new Ipv4Config(List.of(port), List.of()),
                new NeighbourConfig(List.of(peer)),
                BUFFERS,
                StackConfig.DEFAULT_BURST);
        stack = new Stack(config, queue, 1, new SplittableRandom(1), LocalPorts.ANY, null, now);
        tcp = stack.tcp();
        Listener listener = tcp.listen(0, 0, SegmentFrame.HOST_PORT, 1, new ConnectionOptions(tcp.options()));
        arrive(TcpHeader.SYN, 0, 0);
        peerSeq++;
        frame.echo = queue.timestamp;
        queue.next = queue.seq + 1;
        arrive(TcpHeader.ACK, queue.next, 0);
        Connection accepted = listener == null ? null : tcp.accept(listener);
        if (accepted == null) {
            throw new IllegalStateException("no connection");
        }
        connection = accepted;
    }

    private void arrive(int flags, int ack, int payload) {
        queue.arrive(frame.memory, frame.write(flags, peerSeq, ack, payload));
        turn();
    }

    private void turn() {
        now += TURN;
        stack.step(now);
    }

    @Benchmark
    public int frame() {
        return frame.write(TcpHeader.ACK | TcpHeader.PSH, peerSeq, queue.next, length);
    }

    @Benchmark
    public int in() {
        arrive(TcpHeader.ACK | TcpHeader.PSH, queue.next, length);
        peerSeq += length;
        int n = tcp.read(connection, data, 0, length);
        takeEvents();
        return require(n);
    }

    @Benchmark
    public int out() {
        int n = tcp.write(connection, data, 0, length);
        turn();
        frame.echo = queue.timestamp;
        arrive(TcpHeader.ACK, queue.next, 0);
        takeEvents();
        return require(n);
    }

    private void takeEvents() {
        for (@Nullable Connection c = tcp.pollEvent(); c != null; c = tcp.pollEvent()) {
            c.takeEvents();
        }
    }

    private int require(int n) {
        if (n != length) {
            throw new IllegalStateException(n + " bytes of " + length + ", " + connection);
        }
        return n;
    }
}
