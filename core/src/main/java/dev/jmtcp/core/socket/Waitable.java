package dev.jmtcp.core.socket;

import org.jspecify.annotations.Nullable;

/** What calls of other threads wait for: a socket, the end of a pipe, an epoll. All but {@link #context} belongs to the stack's thread. */
abstract class Waitable {

    final Context context;

    /** The calls that wait, oldest first, linked by {@link Call#nextWaiter}. */
    private @Nullable Call waiters;

    /** The list of those to be woken: see {@link WakeList}. */
    @Nullable
    Waitable nextWoken;

    boolean woken;

    Waitable(Context context) {
        this.context = context;
    }

    /** The context that this belongs to; from any thread. */
    public final Context context() {
        return context;
    }

    /** Lets a call wait. */
    final void enlist(Call call) {
        call.nextWaiter = null;
        Call last = waiters;
        if (last == null) {
            waiters = call;
            return;
        }
        while (last.nextWaiter != null) {
            last = last.nextWaiter;
        }
        last.nextWaiter = call;
    }

    /** Lets a call wait no more. */
    @SuppressWarnings("ReferenceEquality")
    final void withdraw(Call call) {
        Call before = null;
        for (Call c = waiters; c != null; c = c.nextWaiter) {
            if (c == call) {
                if (before == null) {
                    waiters = c.nextWaiter;
                } else {
                    before.nextWaiter = c.nextWaiter;
                }
                c.nextWaiter = null;
                return;
            }
            before = c;
        }
    }

    /** Something has happened that may let a call that waits go on: it is tried again later in this turn, or in the next. */
    final void wake() {
        if (waiters != null) {
            context.dispatcher.wakes.add(this);
        }
    }

    /** Tries all calls that wait once more. */
    final void retry() {
        Call call = waiters;
        waiters = null;
        while (call != null) {
            Call next = call.nextWaiter;
            if (!call.tryOnce()) {
                enlist(call);
            }
            call = next;
        }
    }
}
