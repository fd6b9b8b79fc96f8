package dev.jmtcp.apps;

import dev.jmtcp.core.config.IdleMode;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.Errno;
import dev.jmtcp.core.socket.Jmtcp;
import dev.jmtcp.core.socket.MtcpException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs an application on some cores of a stack, run to completion: each core's part shares a thread with the core's stack. The stacks go on until
 * all parts have ended, since cores pass frames on to each other. For any thread.
 */
final class CoreRunner<A extends CoreApp> {

    /** A part that has begun. */
    private final class Running {

        private final Context context;
        private final A app;
        private int actionsDone;

        Running(Context context, A app) {
            this.context = context;
            this.app = app;
        }

        /** Has the actions done that are asked for and not yet done. From any thread. */
        void catchUp() {
            try {
                context.execute(() -> {
                    while (actionsDone < actions.size()) {
                        actions.get(actionsDone++).accept(app);
                    }
                });
            } catch (RejectedExecutionException _) {
                // it has ended
            }
        }
    }

    private final Jmtcp jmtcp;
    private final CoreApp.Factory<A> factory;
    private final List<Running> parts = new CopyOnWriteArrayList<>();
    private final List<Consumer<A>> actions = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended;
    private final AtomicInteger active;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private CoreRunner(Jmtcp jmtcp, int cores, CoreApp.Factory<A> factory) {
        this.jmtcp = jmtcp;
        this.factory = factory;
        ended = new CountDownLatch(cores);
        active = new AtomicInteger(cores);
    }

    /** Starts an application. */
    static <A extends CoreApp> CoreRunner<A> start(Jmtcp jmtcp, List<Integer> cores, CoreApp.Factory<A> factory) {
        var runner = new CoreRunner<>(jmtcp, cores.size(), factory);
        for (int core : cores) {
            Thread.ofPlatform().name("core-" + core).daemon().start(() -> runner.run(core));
        }
        return runner;
    }

    /** Has something done once to each part that has not ended, on the thread it belongs to, also to those that are yet to begin. */
    void forEach(Consumer<A> action) {
        actions.add(action);
        for (Running part : parts) {
            part.catchUp();
        }
    }

    /**
     * Waits for the end.
     *
     * @return whether all parts have ended
     * @throws IOException if one has failed
     * @throws InterruptedException if the calling thread was interrupted
     */
    boolean await(long timeout, TimeUnit unit) throws IOException, InterruptedException {
        if (!ended.await(timeout, unit)) {
            return false;
        }
        return switch (failure.get()) {
            case null -> true;
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        };
    }

    private void run(int core) {
        try {
            bind(core);
            try (Context context = jmtcp.adoptContext(core)) {
                A app = factory.start(context);
                context.onTurn(app);
                var part = new Running(context, app);
                parts.add(part);
                part.catchUp();
                turnWhile(context, () -> app.isRunning() && failure.get() == null);
                if (active.decrementAndGet() == 0) {
                    forEach(_ -> {}); // wakes those that wait for this
                }
                turnWhile(context, () -> active.get() > 0 && failure.get() == null);
                context.removeHandler(app);
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
            forEach(_ -> {});
        } finally {
            ended.countDown();
        }
    }

    private static void turnWhile(Context context, BooleanSupplier condition) throws MtcpException {
        while (condition.getAsBoolean()) {
            try {
                context.runWhile(condition);
            } catch (MtcpException e) {
                if (e.errno() != Errno.EINTR) {
                    throw e;
                }
                // SIGINT: who handles it changes what the condition says
            }
        }
    }

    /** Binds the thread to a CPU where the configuration names CPUs, or a core never rests and would hold others up. */
    private void bind(int core) {
        JmtcpConfig config = jmtcp.config();
        List<Integer> cpus = config.cpus();
        if (core < cpus.size()) {
            Jmtcp.affinitize(cpus.get(core));
        } else if (config.idle() == IdleMode.SPIN && core < Runtime.getRuntime().availableProcessors()) {
            Jmtcp.affinitize(core);
        }
    }
}
