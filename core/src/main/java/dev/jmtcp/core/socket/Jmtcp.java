package dev.jmtcp.core.socket;

import dev.jmtcp.core.config.ConfigException;
import dev.jmtcp.core.config.ConfigLoader;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.driver.DriverRegistry;
import dev.jmtcp.core.stack.CoreGroup;
import dev.jmtcp.core.stack.Stack;
import dev.jmtcp.core.stack.StackConfig;
import dev.jmtcp.core.tcp.LocalPorts;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open driver and the stacks on it, one a core: what mTCP does in mtcp_init and mtcp_destroy. All methods may be called from any thread.
 *
 * {@snippet :
 * try (Jmtcp jmtcp = Jmtcp.init(Path.of("mtcp.conf"));
 *         Context context = jmtcp.createContext(0)) {
 *     MtcpSocket listener = context.socket();
 *     listener.bind(new InetSocketAddress(80));
 *     listener.listen(4096);
 *     // ...
 * }
 * }
 */
public final class Jmtcp implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Jmtcp.class);

    private final PacketIo io;
    private final int cores;
    private final CoreGroup group = new CoreGroup();
    private final AtomicReferenceArray<@Nullable Context> contexts;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile JmtcpConfig config;
    private final EndSignal interrupt = EndSignal.interrupt();
    private final EndSignal termination = EndSignal.termination();
    private volatile boolean interrupted;
    private volatile boolean closed;

    private Jmtcp(JmtcpConfig config, PacketIo io) {
        this.config = config;
        this.io = io;
        cores = config.numCores();
        contexts = new AtomicReferenceArray<>(cores);
    }

    /**
     * Reads a configuration file and opens the driver that it names.
     *
     * @throws ConfigException if the configuration is wrong
     * @throws PacketIoException if the driver cannot be opened; the message says what is missing and what helps
     */
    public static Jmtcp init(Path configFile) throws PacketIoException {
        return init(new ConfigLoader().load(configFile));
    }

    /** Opens the driver that a configuration names, one of the program's own modules. */
    public static Jmtcp init(JmtcpConfig config) throws PacketIoException {
        return init(config, DriverRegistry.find(List.of()));
    }

    /** Opens the driver that a configuration names, out of those found. */
    public static Jmtcp init(JmtcpConfig config, DriverRegistry drivers) throws PacketIoException {
        return init(config, drivers.open(config, System::nanoTime));
    }

    /**
     * Takes a driver that is open already, with a queue for each core of the configuration, and closes it in the end, also if this fails.
     *
     * @param io a driver whose clock is System.nanoTime()
     */
    public static Jmtcp init(JmtcpConfig config, PacketIo io) {
        boolean done = false;
        try {
            StackSettings.of(config, io.ports());
            done = true;
            return new Jmtcp(config, io);
        } finally {
            if (!done) {
                io.close();
            }
        }
    }

    /** The configuration: mTCP's mtcp_getconf. */
    public JmtcpConfig config() {
        return config;
    }

    /**
     * Changes the configuration for contexts that are made from now on: mTCP's mtcp_setconf.
     *
     * @throws MtcpException EINVAL if another driver, other ports or another number of cores is asked for
     */
    public void config(JmtcpConfig changed) throws MtcpException {
        if (!changed.io().equals(config.io())
                || !changed.ports().equals(config.ports())
                || changed.numCores() != cores) {
            throw new MtcpException(Errno.EINVAL, "driver, ports and cores cannot be changed any more");
        }
        StackSettings.of(changed, io.ports());
        config = changed;
    }

    /** The driver, for its ports and their statistics. */
    public PacketIo io() {
        return io;
    }

    public int cores() {
        return cores;
    }

    /**
     * Makes the context of a core, with a thread of its own named {@code jmtcp-<core>}: mTCP's mtcp_create_context. If the configuration names CPUs
     * ({@code core_mask}), the thread is bound to the core's one. It is a daemon.
     *
     * @throws MtcpException EINVAL if there is no such core, EEXIST if it has a context, EPERM if this is closed
     */
    public Context createContext(int core) throws MtcpException {
        check(core);
        var made = new CompletableFuture<Context>();
        var thread = new Thread(() -> run(core, made), "jmtcp-" + core);
        thread.setDaemon(true);
        thread.start();
        try {
            return made.join();
        } catch (CompletionException e) {
            switch (Objects.requireNonNullElse(e.getCause(), e)) {
                case MtcpException cause -> throw cause.here();
                case RuntimeException cause -> throw cause;
                default -> throw e;
            }
        }
    }

    /**
     * Makes the context of a core with the calling thread for its owner, which has to let the stack have its turns: see {@link Context}. It alone may
     * close the context, before this is closed.
     *
     * @throws MtcpException as {@link #createContext}
     */
    public Context adoptContext(int core) throws MtcpException {
        check(core);
        return make(core, false);
    }

    /** The context of a core; null if there is none. */
    public @Nullable Context context(int core) {
        return contexts.get(Objects.checkIndex(core, cores));
    }

    /**
     * Binds the calling thread to a CPU: mTCP's mtcp_core_affinitize.
     *
     * @return whether that was possible; if not, the reason is logged
     */
    public static boolean affinitize(int cpu) {
        String problem = Affinity.pin(cpu);
        if (!problem.isEmpty()) {
            LOG.info("{} runs on any CPU: {}", Thread.currentThread().getName(), problem);
        }
        return problem.isEmpty();
    }

    /**
     * Takes SIGINT: mTCP's mtcp_register_signal. The first one has what waits in an accept or an epoll of each context fail with EINTR, or what does so next,
     * and runs the handler on a thread of the JVM. The second ends the program.
     *
     * @return whether SIGINT can be taken here
     */
    public boolean onInterrupt(Runnable handler) {
        return take(interrupt, handler);
    }

    /**
     * Takes SIGTERM, by which service managers and kill end programs, just as {@link #onInterrupt} takes SIGINT. The second signal, of either, ends the
     * program.
     *
     * @return whether SIGTERM can be taken here
     */
    public boolean onTermination(Runnable handler) {
        return take(termination, handler);
    }

    private boolean take(EndSignal signal, Runnable handler) {
        lock.lock();
        try {
            signal.handler(handler);
            if (!closed) {
                signal.take(() -> came(signal));
            }
            return signal.isTaken();
        } finally {
            lock.unlock();
        }
    }

    /** What SIGINT does. */
    void interrupt() {
        came(interrupt);
    }

    private void came(EndSignal signal) {
        if (interrupted) {
            Runtime.getRuntime().halt(signal.exitCode());
        }
        interrupted = true;
        for (int core = 0; core < cores; core++) {
            Context context = contexts.get(core);
            if (context != null) {
                context.signal();
            }
        }
        signal.handle();
    }

    /**
     * Closes all contexts and the driver. A second close does nothing.
     *
     * @throws IllegalStateException if a context is left whose owner is another thread of the application, or within a turn; then nothing was done
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            for (int core = 0; core < cores; core++) {
                Context context = contexts.get(core);
                if (context != null) {
                    context.requireClosable();
                }
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        for (int core = 0; core < cores; core++) {
            Context context = contexts.get(core);
            if (context != null) {
                context.close();
            }
        }
        io.close();
        interrupt.restore();
        termination.restore();
    }

    private void check(int core) throws MtcpException {
        if (closed) {
            throw new MtcpException(Errno.EPERM);
        }
        if (core < 0 || core >= cores) {
            throw new MtcpException(Errno.EINVAL, "there is no core " + core + " of " + cores);
        }
    }

    /** The life of a stack's own thread. */
    private void run(int core, CompletableFuture<Context> made) {
        Context context;
        try {
            List<Integer> cpus = config.cpus();
            if (core < cpus.size()) {
                affinitize(cpus.get(core));
            }
            context = make(core, true);
        } catch (Throwable e) {
            made.completeExceptionally(e);
            return;
        }
        made.complete(context);
        context.runUntilClosed();
    }

    private Context make(int core, boolean ownThread) throws MtcpException {
        lock.lock();
        try {
            check(core);
            if (contexts.get(core) != null) {
                throw new MtcpException(Errno.EEXIST, "core " + core + " has a context");
            }
            JmtcpConfig current = config;
            StackConfig settings = StackSettings.of(current, io.ports());
            LocalPorts ports = RssPorts.of(core, cores, settings.ip().interfaces());
            RandomGenerator random = current.seed().isPresent()
                    ? new SplittableRandom(current.seed().getAsLong() + core)
                    : new SecureBits();
            var stack = new Stack(settings, io.queue(core), io.ports().size(), random, ports, group, System.nanoTime());
            Context context = Context.of(core, stack, System::nanoTime, current.idle(), ownThread);
            contexts.set(core, context);
            return context;
        } finally {
            lock.unlock();
        }
    }
}
