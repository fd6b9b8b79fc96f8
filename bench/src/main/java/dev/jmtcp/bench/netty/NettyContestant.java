package dev.jmtcp.bench.netty;

import dev.jmtcp.bench.kernel.Loopback;
import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.load.Stream;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Contestant;
import dev.jmtcp.bench.race.Meter;
import dev.jmtcp.bench.race.Outcome;
import dev.jmtcp.bench.race.Tally;
import dev.jmtcp.bench.race.Work;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Both ends on one event loop, which is what costs the least here. */
public final class NettyContestant implements Contestant {

    private static final int BACKLOG = 1 << 16;
    /** The time between two looks whether the work is over, in nanoseconds. */
    private static final long LOOK = 2_000_000;

    private static final long PATIENCE = 20_000_000_000L;

    private final Transport transport;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Tally tally = new Tally();
    private final Meter meter = new Meter();
    private final Channel listener;
    private final Client client;

    private NettyContestant(Transport transport, Load kind) throws IOException {
        this.transport = transport;
        group = new MultiThreadIoEventLoopGroup(1, transport.factory());
        loop = group.next();
        var stream = new Stream(1);
        Supplier<ChannelHandler> served = switch (kind) {
            case Load.Transactions _ -> () -> new Answer(tally);
            case Load.PingPong _, Load.Paced _, Load.Idle _ -> () -> new Echo(tally);
            case Load.Bulk _ -> () -> new Sink(tally, stream);
        };
        listener = new ServerBootstrap()
                .group(group)
                .channel(transport.server)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(initializer(() -> {
                    tally.accepted++;
                    return served.get();
                }))
                .bind(Loopback.anyPort())
                .syncUninterruptibly()
                .channel();
        Bootstrap bootstrap =
                new Bootstrap().group(group).channel(transport.client).option(ChannelOption.TCP_NODELAY, true);
        client = switch (kind) {
            case Load.Transactions(int atOnce) -> transactions(bootstrap, atOnce);
            case Load.PingPong(int connections, int _) -> {
                var players = new PingPong(tally);
                yield dial(bootstrap, players::next, players, connections);
            }
            case Load.Idle _ -> throw new IOException("the kernel's memory is not known here");
            case Load.Paced _ -> throw new IOException("an event loop has no timer that is fine enough");
            case Load.Bulk(int connections, int _) -> {
                var sender = new BulkClient(tally, stream);
                yield dial(bootstrap, sender::next, sender, connections);
            }
        };
    }

    public static NettyContestant of(Transport transport, Load kind) throws IOException {
        return new NettyContestant(transport, kind);
    }

    private Client transactions(Bootstrap bootstrap, int atOnce) {
        var all = new Transactions(tally, bootstrap, listener.localAddress(), atOnce);
        bootstrap.handler(initializer(all::next));
        return all;
    }

    private Client dial(Bootstrap bootstrap, Supplier<ChannelHandler> handlers, Client made, int connections) {
        bootstrap.handler(initializer(handlers));
        for (int i = 0; i < connections; i++) {
            bootstrap.connect(listener.localAddress()).syncUninterruptibly();
        }
        return made;
    }

    private static ChannelInitializer<Channel> initializer(Supplier<? extends ChannelHandler> handlers) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(handlers.get());
            }
        };
    }

    @Override
    public String name() {
        return "kernel-netty-" + transport.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String description() {
        return Loopback.description() + ", one event loop for both ends";
    }

    @Override
    public Work work(long cpuNanos) throws IOException {
        call(() -> {
            meter.start(client.units(), -1);
            client.go();
            return true;
        });
        Work work;
        do {
            work = call(() -> stop(cpuNanos), LOOK);
        } while (work == null);
        settle();
        return work;
    }

    /** Ends the work if its time is over; otherwise null. */
    private @Nullable Work stop(long cpuNanos) {
        if (!meter.isOver(cpuNanos)) {
            return null;
        }
        Work done = meter.stop(client.units(), -1);
        client.pause();
        return done;
    }

    private void settle() throws IOException {
        long end = System.nanoTime() + PATIENCE;
        while (!call(client::isQuiet, TimeUnit.MILLISECONDS.toNanos(1))) {
            if (System.nanoTime() > end) {
                throw new IOException(name() + ": connections do not come to an end " + call(tally::problems));
            }
        }
    }

    @Override
    public Outcome finish() throws IOException {
        call(() -> {
            client.end();
            return true;
        });
        settle();
        long end = System.nanoTime() + PATIENCE;
        while (call(() -> tally.ended < tally.connected, TimeUnit.MILLISECONDS.toNanos(1)) && System.nanoTime() < end) {
            // waits
        }
        return call(() -> {
            tally.expect("connections accepted", tally.accepted, tally.connected);
            tally.expect("bytes that arrived", tally.received, tally.sent);
            tally.expect("ends read", tally.ended, tally.connected);
            return new Outcome(tally.counts(), tally.problems());
        });
    }

    private <T extends @Nullable Object> T call(Callable<T> task) throws IOException {
        return call(task, 0);
    }

    /** Has the event loop do something, after a time. */
    private <T extends @Nullable Object> T call(Callable<T> task, long nanos) throws IOException {
        try {
            return loop.schedule(task, nanos, TimeUnit.NANOSECONDS).get();
        } catch (ExecutionException e) {
            throw new IOException(name() + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(name() + ": interrupted", e);
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
