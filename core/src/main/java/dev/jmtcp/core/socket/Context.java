package dev.jmtcp.core.socket;

import dev.jmtcp.core.config.IdleMode;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.stack.Stack;
import dev.jmtcp.core.stack.StackClient;
import dev.jmtcp.core.tcp.Tcp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One core's stack as its applications see it: mTCP's mctx. All sockets, epolls and pipes are made by a context and stay with it.
 *
 * <p>A stack has one thread, its context's owner, on which everything is done.
 *
 * <ul>
 *   <li>The owner may be the application's own thread ({@link Jmtcp#adoptContext}): run to completion. Its calls are plain method calls and allocate nothing
 *       once warm. The stack gets its turns while the application waits, in blocking calls and in {@link Epoll}, or by {@link #turn}
 *       and {@link #runWhile}.
 *   <li>Or the owner is a thread of the stack's own ({@link Jmtcp#createContext}).
 *   <li>Either way every other thread, platform or virtual, may make the same calls. They are sent to the owner, who does exactly what it
 *       would do for itself; payload is copied once, between the caller's memory and the stack's.
 *   <li>Handlers ({@link #onTurn}) and tasks ({@link #execute}) run on the owner, within a turn. A call there that would have to wait fails with
 *       EDEADLK, so their sockets should not block.
 * </ul>
 */
public final class Context implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Context.class);

    /** How long a close waits for what is still to be delivered, and how often it looks. In nanoseconds. */
    private static final long DRAIN = 1_000_000_000;

    private static final long DRAIN_STEP = 1_000_000;

    private final int core;
    private final Stack stack;
    private final Thread owner = Thread.currentThread();

    /** Whether the owner is a thread of the stack's own. */
    private final boolean ownThread;

    private final Turns turns;
    final Tcp tcp;
    final Mailbox mailbox;
    final Dispatcher dispatcher;
    final RegistrationPool registrations = new RegistrationPool();
    final Bindings bindings = new Bindings();
    final Views views = new Views();
    final AddressCache addresses = new AddressCache();
    final SourcePool sources = new SourcePool();

    /** What calls belong to that never wait. */
    final Gate gate = new Gate(this);

    private volatile boolean signal;
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    private Context(int core, Stack stack, Mailbox mailbox, Turns turns, boolean ownThread) {
        this.core = core;
        this.stack = stack;
        this.mailbox = mailbox;
        this.turns = turns;
        this.ownThread = ownThread;
        tcp = stack.tcp();
        dispatcher = new Dispatcher(tcp, mailbox, ownThread ? this::report : null);
        stack.client(dispatcher);
    }

    /** A context whose owner, the thread that calls this, makes the stack's turns. */
    static Context of(int core, Stack stack, LongSupplier clock, IdleMode idle, boolean ownThread) {
        var mailbox = new Mailbox(stack.queue());
        return new Context(core, stack, mailbox, Turns.own(stack, clock, mailbox, idle), ownThread);
    }

    /**
     * A context over a stack that is stepped from outside, by the thread that calls this: handlers run, and no call waits. For tests in virtual
     * time.
     */
    public static Context over(Stack stack) {
        var mailbox = new Mailbox(stack.queue());
        return new Context(0, stack, mailbox, Turns.ofOthers(stack, stack::now, mailbox, null), false);
    }

    /**
     * A context over a stack that is stepped from outside, by the thread that calls this, where calls that wait let time pass by a function given. For tests
     * in virtual time.
     *
     * @param clock the time in nanoseconds
     * @param turner lets the stack be stepped at least once, and time pass if there is nothing to do: at most until the time it is given
     */
    public static Context over(Stack stack, LongSupplier clock, LongConsumer turner) {
        var mailbox = new Mailbox(stack.queue());
        return new Context(0, stack, mailbox, Turns.ofOthers(stack, clock, mailbox, turner), false);
    }

    // ---- For any thread

    /** The number of the core, from 0. */
    public int core() {
        return core;
    }

    /** What the stack counts. */
    public Counters counters() {
        return stack.counters();
    }

    /** How many connections the stack has, in all states; to other threads than the owner a moment late. */
    public int connections() {
        return tcp.connections();
    }

    /** Memory in bytes that the data of connections takes; to other threads than the owner a moment late. */
    public long bufferBytesInUse() {
        return stack.bufferBytesInUse();
    }

    /** How many timers of the stack are running: of connections, neighbours, reassembly; to other threads than the owner a moment late. */
    public int timers() {
        return stack.timers();
    }

    /** The thread on which everything is done. */
    public Thread owner() {
        return owner;
    }

    /** Whether this is the thread on which everything is done. */
    public boolean isOwner() {
        return Thread.currentThread() == owner;
    }

    /** A new socket: blocking, not bound, not connected. */
    public MtcpSocket socket() throws MtcpException {
        checkOpen();
        return new MtcpSocket(this);
    }

    /** A new epoll. */
    public Epoll epoll() throws MtcpException {
        checkOpen();
        return new Epoll(this);
    }

    /** A new pipe. */
    public Pipe pipe() throws MtcpException {
        checkOpen();
        return new Pipe(this);
    }

    /**
     * Has a task run by the owner within a turn, and does not wait for it. What it throws goes to the owner's UncaughtExceptionHandler.
     *
     * @throws RejectedExecutionException if the context is closed
     */
    public void execute(Runnable task) {
        if (mailbox.isClosed()) {
            throw new RejectedExecutionException("the context is closed");
        }
        mailbox.post(new Posted(this, task));
    }

    /**
     * Has a task run by the owner and waits for its result. On the owner's thread it runs at once.
     *
     * @throws Exception what the task throws
     */
    public <T extends @Nullable Object> T call(Callable<T> task) throws Exception {
        if (isOwner()) {
            return task.call();
        }
        var result = new FutureTask<>(task);
        run(result::run);
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /**
     * Adds a handler, which gets its turn in each turn of the stack until it is removed. If it throws, it is removed; the exception goes to the
     * UncaughtExceptionHandler of the stack's own thread, or else to whoever turns the stack.
     */
    public void onTurn(StackClient handler) throws MtcpException {
        run(() -> dispatcher.add(handler));
    }

    /** Removes a handler. */
    public void removeHandler(StackClient handler) throws MtcpException {
        run(() -> dispatcher.remove(handler));
    }

    /**
     * Makes this core's pool of local addresses and ports for connections to a destination: mTCP's mtcp_init_rss. From then on connections to it
     * that are not bound take from the pool in turn, so that their segments arrive on this core, and finding a port costs nothing. Replaces the pool there was.
     *
     * @param first the first local address; the wildcard for the one that leads to the destination
     * @param count how many consecutive addresses
     * @return how many pairs of address and port the pool has, and so how many connections to the destination there can be at a time
     * @throws MtcpException EADDRNOTAVAIL if an address is not this stack's, EINVAL if the count is not positive
     */
    public int initRss(InetAddress first, int count, InetSocketAddress destination) throws MtcpException {
        return ask(() -> sources.fill(tcp, first, count, destination));
    }

    // ---- For the owner

    /** The time in nanoseconds on this stack's clock. */
    public long now() {
        return turns.now();
    }

    /**
     * Gives the stack one turn; does not rest. For the owner.
     *
     * @return whether there was anything to do
     * @throws IllegalStateException if this is not the owner, or within a turn, or turns are made by others
     */
    public boolean turn() {
        requireOwner();
        requireNoTurn();
        if (turns.isPassive()) {
            throw new IllegalStateException("turns are made by others");
        }
        return turns.once();
    }

    /**
     * Gives the stack turns, resting where there is nothing to do, for as long as a condition holds. For the owner.
     *
     * @throws MtcpException EINTR if the thread or the program was interrupted
     */
    public void runWhile(BooleanSupplier condition) throws MtcpException {
        requireOwner();
        while (condition.getAsBoolean()) {
            turn(Call.FOREVER, true);
        }
    }

    /**
     * Ends the context. All calls under way and all later ones fail with EPERM. What sockets already closed have still to deliver is delivered, for a second at
     * most; all other connections are reset. For the owner, or anybody once that thread has ended; if the owner is the stack's own thread, for every
     * other: then this returns when it is done. A second close does nothing.
     *
     * @throws IllegalStateException if this is not the owner's to close, or within a turn
     */
    @Override
    public void close() {
        if (ownThread) {
            stopping = true;
            if (!isOwner()) {
                mailbox.wakeup();
                joinOwner();
            } // otherwise after this turn
        } else {
            requireClosable();
            end();
        }
    }

    private void joinOwner() {
        boolean interrupted = false;
        while (owner.isAlive()) {
            try {
                owner.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Fails unless the calling thread can close this and wait for that. */
    void requireClosable() {
        if (isOwner()) {
            requireNoTurn();
        } else if (!ownThread && !mailbox.isClosed() && owner.isAlive()) {
            requireOwner();
        }
    }

    /** What the stack's own thread does. */
    void runUntilClosed() {
        try {
            while (!stopping) {
                turns.next(Call.FOREVER);
            }
        } catch (Throwable e) {
            LOG.error("the stack of core {} has failed", core, e);
            failure = e;
        }
        try {
            end();
        } catch (RuntimeException e) {
            LOG.debug("the stack of core {} could not say goodbye", core, e); // its device has failed
        }
    }

    private void end() {
        if (mailbox.isClosed()) {
            return;
        }
        mailbox.close();
        dispatcher.close();
        if (turns.isPassive()) {
            return;
        }
        try {
            long until = turns.deadline(failure == null ? DRAIN : 0);
            while (tcp.isDelivering() && turns.now() < until) {
                turns.next(Math.min(until, turns.now() + DRAIN_STEP));
            }
        } finally {
            stack.close();
        }
    }

    // ---- Within the package

    /** Sends a call to the owner and waits for it. */
    long ship(Call call, long timeout) throws MtcpException {
        mailbox.post(call);
        return call.join(timeout);
    }

    /** Does something on the owner's thread. */
    void run(Task.Action action) throws MtcpException {
        ask(() -> {
            action.run();
            return true;
        });
    }

    /** Asks something on the owner's thread. */
    <T extends @Nullable Object> T ask(Task.Question<T> question) throws MtcpException {
        if (isOwner()) {
            checkOpen();
            return question.ask();
        }
        var task = new Task<T>(this, question);
        ship(task, Call.FOREVER);
        return task.answer();
    }

    void checkOpen() throws MtcpException {
        if (mailbox.isClosed()) {
            throw closedException();
        }
    }

    /** What calls fail with once the context is closed. */
    MtcpException closedException() {
        Throwable cause = failure;
        return cause == null
                ? new MtcpException(Errno.EPERM)
                : new MtcpException(Errno.EIO, "the stack has failed: " + cause, cause);
    }

    /** Whether the owner may let time pass here. */
    boolean mayTurn() {
        return !dispatcher.isTurning() && turns.isPossible();
    }

    /** One turn, without rest. */
    void turnOnce() {
        turns.once();
    }

    /** When a timeout from now ends. */
    long deadline(long timeout) {
        return turns.deadline(timeout);
    }

    /**
     * Lets the stack have a turn, and rests if there was nothing to do, since the owner's call has to wait.
     *
     * @param until when the wait ends
     * @param heedsSignals whether SIGINT ends it
     * @return false if it has ended: then nothing was done
     */
    boolean turn(long until, boolean heedsSignals) throws MtcpException {
        checkOpen();
        if (Thread.currentThread().isInterrupted() || (heedsSignals && takeSignal())) {
            throw new MtcpException(Errno.EINTR);
        }
        if (!mayTurn()) {
            throw new MtcpException(Errno.EDEADLK);
        }
        if (until != Call.FOREVER && turns.now() >= until) {
            return false;
        }
        turns.next(until);
        return true;
    }

    private void report(Throwable e) {
        owner.getUncaughtExceptionHandler().uncaughtException(owner, e);
    }

    /** SIGINT has come: waits that heed it end. From any thread. */
    void signal() {
        signal = true;
        try {
            execute(this::signalWaiting);
        } catch (RejectedExecutionException e) {
            signal = false; // closed: nobody waits
        }
    }

    private void signalWaiting() {
        if (dispatcher.interruptWaiting()) {
            signal = false;
        }
    }

    /** Whether a signal has come that nobody has heard yet; it is heard now. */
    boolean takeSignal() {
        if (!signal) {
            return false;
        }
        signal = false;
        return true;
    }

    /** Whether the segments of such a connection would arrive on this core. */
    boolean arrivesHere(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        return tcp.localPorts().arriveHere(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
    }

    private void requireNoTurn() {
        if (dispatcher.isTurning()) {
            throw new IllegalStateException("within a turn");
        }
    }

    private void requireOwner() {
        if (!isOwner()) {
            throw new IllegalStateException("only for the context's owner, " + owner.getName());
        }
    }

    @Override
    public String toString() {
        return "context " + core;
    }

    /** What calls belong to that never wait. */
    static final class Gate extends Waitable {
        Gate(Context context) {
            super(context);
        }
    }

    /** A task that nobody waits for. */
    private static final class Posted extends Message {
        private final Context context;
        private final Runnable task;

        Posted(Context context, Runnable task) {
            this.context = context;
            this.task = task;
        }

        @Override
        void run() {
            try {
                task.run();
            } catch (Throwable e) {
                context.report(e);
            }
        }

        @Override
        void refuse() {
            // Nobody waits for it.
        }
    }
}
