package dev.jmtcp.packetdrill.run;

import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.ip.Ipv4Config;
import dev.jmtcp.core.ip.Prefix;
import dev.jmtcp.core.ip.Route;
import dev.jmtcp.core.link.NeighbourConfig;
import dev.jmtcp.core.link.StaticNeighbour;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.stack.Stack;
import dev.jmtcp.core.stack.StackConfig;
import dev.jmtcp.core.tcp.LocalPorts;
import dev.jmtcp.core.tcp.TcpSettings;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A stack with its wire and its clock, which stands still unless it is told to go on. Belongs to the thread of the script. */
final class Machine implements AutoCloseable {

    /** The time at which scripts begin, in nanoseconds: not zero, so that nothing can rely on it. */
    static final long START = 1_000_000_000_000L;

    private static final long BUFFERS = 256L << 20;

    /** So many steps at one point in time mean that the stack will never rest. */
    private static final int MAX_STEPS = 100_000;

    /** A packet that the stack has sent. */
    record Sent(byte[] packet, long time) {}

    private final Wire wire;
    private final Stack stack;
    private final Context context;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private long now = START;

    /**
     * A machine with one interface.
     *
     * @param turner lets time pass while a call waits: see {@link Context#over}
     */
    Machine(Configuration configuration, TcpSettings settings, LongConsumer turner) {
        Addresses addresses = configuration.addresses();
        wire = new Wire(configuration.mtu(), configuration.segmentation());
        var port = wire.ports().get(0);
        var link = new InterfaceConfig(
                0,
                port.mac(),
                port.mtu(),
                port.capabilities(),
                List.of(new Prefix(addresses.local(), addresses.prefixLength())));
        var routes = List.of(new Route(Prefix.ALL, addresses.gateway(), 0));
        var neighbours = new NeighbourConfig(List.of(new StaticNeighbour(Prefix.ALL, Wire.GATEWAY)));
        stack = new Stack(
                new StackConfig(settings, new Ipv4Config(List.of(link), routes), neighbours, BUFFERS, 64),
                wire,
                1,
                new SplittableRandom(42),
                LocalPorts.ANY,
                null,
                now);
        context = Context.over(stack, () -> now, turner);
    }

    Context context() {
        return context;
    }

    Stack stack() {
        return stack;
    }

    /** The time in nanoseconds. */
    long now() {
        return now;
    }

    /** The time since the script began, in nanoseconds. */
    long elapsed() {
        return now - START;
    }

    /** Lets the stack do what there is to do now. */
    void settle() {
        int steps = 0;
        boolean busy;
        do {
            busy = stack.step(now);
            collect();
            if (++steps > MAX_STEPS) {
                throw Failure.failed("the stack does not come to rest");
            }
        } while (busy || stack.nextDeadline() <= now);
    }

    /** Lets time pass until something is due in the stack, but not beyond a time. */
    void advance(long until) {
        long next = Math.min(until, stack.nextDeadline());
        now = Math.max(now, next);
        settle();
    }

    /** Whether nothing will ever happen in the stack unless something comes from outside. */
    boolean isIdle() {
        return stack.nextDeadline() == Long.MAX_VALUE;
    }

    /** Hands the stack packets that come in one burst. */
    void deliver(List<byte[]> packets) {
        wire.deliver(packets);
        settle();
    }

    /** The next packet that the stack has sent, or null. */
    @Nullable
    Sent take() {
        return sent.poll();
    }

    private void collect() {
        for (byte[] packet = wire.take(); packet != null; packet = wire.take()) {
            sent.add(new Sent(packet, now));
        }
    }

    @Override
    public void close() {
        context.close();
        stack.close();
        wire.close();
    }
}
