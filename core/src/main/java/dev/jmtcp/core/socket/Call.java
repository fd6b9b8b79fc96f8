package dev.jmtcp.core.socket;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A call that another thread makes on what belongs to a stack. The stack's thread tries it, and if it has to wait tries it again whenever something
 * happens that it waits for; the caller spins briefly, then parks until it is done. Since only the stack's thread decides how a call ends, a timeout or an
 * interrupt cannot lose what a call has done already.
 */
abstract class Call extends Message {

    /** What {@link #attempt} answers if it cannot be done now. */
    static final long WAIT = Long.MIN_VALUE;

    /** A timeout that never comes. */
    static final long FOREVER = Long.MAX_VALUE;

    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 200 : 0;

    private final Waitable waitable;
    private final Thread caller = Thread.currentThread();

    @Nullable
    Call nextWaiter;

    private boolean waiting;
    private long result;
    private @Nullable Throwable failure;
    private volatile boolean parked;
    private volatile boolean done;

    Call(Waitable waitable) {
        this.waitable = waitable;
    }

    /**
     * Tries to do it; on the stack's thread.
     *
     * @return the result, or {@link #WAIT}
     */
    abstract long attempt() throws MtcpException;

    /** The result if the time is up; on the stack's thread. */
    long expired() {
        return 0;
    }

    /** The result if the caller was interrupted; on the stack's thread. */
    long interrupted() throws MtcpException {
        throw new MtcpException(Errno.EINTR);
    }

    /** Whether SIGINT ends this: see {@link Jmtcp#onInterrupt}. */
    boolean heedsSignals() {
        return false;
    }

    @Override
    final void run() {
        if (heedsSignals() && waitable.context.takeSignal()) {
            end(true);
        } else if (!tryOnce()) {
            waiting = true;
            waitable.enlist(this);
            waitable.context.dispatcher.waiting.add(this);
        }
    }

    /** Whether the call is done now. The waitable does not list it while this is called. */
    final boolean tryOnce() {
        try {
            long value = attempt();
            if (value == WAIT) {
                return false;
            }
            result = value;
        } catch (Throwable e) {
            failure = e;
        }
        finish();
        return true;
    }

    /** Ends it before it could be done. */
    final void end(boolean interrupted) {
        if (done) {
            return;
        }
        if (waiting) {
            waitable.withdraw(this);
        }
        try {
            result = interrupted ? interrupted() : expired();
        } catch (Throwable e) {
            failure = e;
        }
        finish();
    }

    @Override
    final void refuse() {
        if (!done) {
            if (waiting) {
                waitable.withdraw(this);
            }
            failure = waitable.context.closedException();
            finish();
        }
    }

    private void finish() {
        if (waiting) {
            waiting = false;
            waitable.context.dispatcher.waiting.remove(this);
        }
        done = true;
        if (parked) {
            LockSupport.unpark(caller);
        }
    }

    /**
     * Waits until it is done; on the caller's thread, after it was posted.
     *
     * @param timeout in nanoseconds, from now
     */
    final long join(long timeout) throws MtcpException {
        if (!caller.isVirtual()) {
            for (int i = 0; i < SPINS && !done; i++) {
                Thread.onSpinWait();
            }
        }
        if (!done) {
            park(timeout);
        }
        return switch (failure) {
            case null -> result;
            case MtcpException e -> throw e.here();
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        };
    }

    private void park(long timeout) {
        parked = true;
        long start = System.nanoTime();
        boolean interrupted = false;
        boolean ended = false;
        while (!done) {
            if (Thread.interrupted()) {
                interrupted = true; // restored below: parking would return at once until then
                if (!ended) {
                    ended = true;
                    waitable.context.mailbox.post(new End(this, true));
                }
            }
            long left = timeout == FOREVER || ended ? FOREVER : timeout - (System.nanoTime() - start);
            if (left <= 0) {
                ended = true;
                waitable.context.mailbox.post(new End(this, false));
            } else if (left == FOREVER) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, left);
            }
        }
        if (interrupted) {
            caller.interrupt();
        }
    }

    /** Asks to end a call. */
    private static final class End extends Message {
        private final Call call;
        private final boolean interrupted;

        End(Call call, boolean interrupted) {
            this.call = call;
            this.interrupted = interrupted;
        }

        @Override
        void run() {
            call.end(interrupted);
        }

        @Override
        void refuse() {
            // The call itself is refused, too.
        }
    }
}
