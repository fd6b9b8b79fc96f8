package dev.jmtcp.core.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.driver.sim.WireConfig;
import dev.jmtcp.spi.PacketIoException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Two machines on a wire in real time, each with one core; and threads, whose failures come out in the end. */
final class Machines implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    final Wire wire = Wire.create(WireConfig.DEFAULT);
    final Jmtcp server;
    final Jmtcp client;
    private final List<CompletableFuture<?>> running = new CopyOnWriteArrayList<>();

    Machines() {
        try {
            server = Jmtcp.init(config("server", "10.0.0.1"), wire.open("server", System::nanoTime));
            client = Jmtcp.init(config("client", "10.0.0.2"), wire.open("client", System::nanoTime));
        } catch (PacketIoException e) {
            throw new AssertionError(e);
        }
    }

    static JmtcpConfig config(String name, String address) {
        return JmtcpConfig.parse("""
                io = pcap-sim
                port = %1$s
                port.%1$s.address = %2$s/24
                num_cores = 1
                idle = park
                tcp_timewait = 0
                rcvbuf = 64k
                sndbuf = 64k
                """.formatted(name, address));
    }

    /** Runs something on a new thread. */
    <T> CompletableFuture<T> start(Thread.Builder builder, Callable<T> task) {
        var future = new CompletableFuture<T>();
        builder.start(() -> {
            try {
                future.complete(task.call());
            } catch (Throwable e) {
                future.completeExceptionally(e);
            }
        });
        running.add(future);
        return future;
    }

    <T> CompletableFuture<T> start(Callable<T> task) {
        return start(Thread.ofPlatform().daemon(), task);
    }

    /** Runs something on a new thread; a failure comes out in {@link #joinAll}. */
    void run(Thread.Builder builder, Callable<?> task) {
        var _ = start(builder, task);
    }

    void run(Callable<?> task) {
        var _ = start(task);
    }

    /** What a thread's task has returned; fails if it does not end. */
    static <T> T join(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits until all threads have ended, none by a failure. */
    void joinAll() throws Exception {
        for (int i = 0; i < running.size(); i++) { // tasks may start others
            join(running.get(i));
        }
    }

    /** How a thread's task has failed. */
    static Errno failure(CompletableFuture<?> future) {
        var errno = new Errno[1];
        assertThat(future)
                .failsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(MtcpException.class, e -> errno[0] = e.errno());
        return errno[0];
    }

    /** Lets a thread get to where it waits: until it has parked, which a call does only once the stack has said that it has to. */
    static void awaitWaiting(Context context, int calls) throws Exception {
        while (context.call(context.dispatcher.waiting::size) < calls) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        server.close();
        client.close();
        wire.close();
    }
}
