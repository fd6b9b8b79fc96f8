package dev.jmtcp.core.socket;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for many sockets and pipes of one context at once, with the semantics of Linux's epoll: level-triggered, edge-triggered
 * ({@link EpollEvent#ET}) and one-shot ({@link EpollEvent#ONESHOT}). A context may have any number of them, and a socket may be in several. What is ready
 * is kept in a list, so that the cost of a wait does not depend on how many are watched.
 *
 * <p>All methods may be called from any thread. On the stack's thread they allocate nothing once warm.
 */
public final class Epoll extends Waitable implements AutoCloseable {

    /** The head of the ready list, a ring; in order of readiness. */
    private final Registration ready = new Registration();

    private boolean closed;

    /** Whether {@link #wakeup()} was called and nobody has heard it yet. */
    private boolean wakeup;

    Epoll(Context context) {
        super(context);
        ready.nextReady = ready;
        ready.previousReady = ready;
    }

    /** Watches a socket or a pipe's end, without an attachment. */
    public void add(Pollable target, int events) throws MtcpException {
        add(target, events, null);
    }

    /**
     * Watches a socket or a pipe's end: EPOLL_CTL_ADD. What holds already is reported by the next wait.
     *
     * @param events bits of {@link EpollEvent}; {@code ERR} and {@code HUP} are always watched for
     * @param attachment handed out with each report
     * @throws MtcpException EEXIST if it is watched already, EBADF if it or this is closed, EINVAL if it belongs to another context or the
     *     bits are unknown
     */
    public void add(Pollable target, int events, @Nullable Object attachment) throws MtcpException {
        if (context.isOwner()) {
            addHere(target, events, attachment);
        } else {
            context.run(() -> addHere(target, events, attachment));
        }
    }

    /** Changes what is watched for, and removes the attachment. */
    public void modify(Pollable target, int events) throws MtcpException {
        modify(target, events, null);
    }

    /**
     * Changes what is watched for: EPOLL_CTL_MOD. What holds is reported anew, also if edge-triggered or one-shot.
     *
     * @throws MtcpException ENOENT if it is not watched; otherwise as for {@link #add}
     */
    public void modify(Pollable target, int events, @Nullable Object attachment) throws MtcpException {
        if (context.isOwner()) {
            modifyHere(target, events, attachment);
        } else {
            context.run(() -> modifyHere(target, events, attachment));
        }
    }

    /**
     * Watches no more: EPOLL_CTL_DEL. Nothing is reported from then on, not even what was ready. To close a socket does the same.
     *
     * @throws MtcpException ENOENT if it is not watched, EBADF if it or this is closed
     */
    public void remove(Pollable target) throws MtcpException {
        if (context.isOwner()) {
            removeHere(target);
        } else {
            context.run(() -> removeHere(target));
        }
    }

    /** Waits as long as it takes: see {@link #await(EpollEvents, long, TimeUnit)}. */
    public int await(EpollEvents events) throws MtcpException {
        return awaitNanos(events, -1);
    }

    /** Does not wait: see {@link #await(EpollEvents, long, TimeUnit)}. On the stack's thread the stack still gets a turn. */
    public int poll(EpollEvents events) throws MtcpException {
        return awaitNanos(events, 0);
    }

    /**
     * Waits until something is ready: epoll_wait.
     *
     * @param events gets what was found, at most its capacity; who found no place comes first the next time
     * @param timeout the longest wait; 0 for none, negative for any
     * @return how many were found; 0 if the time is up or {@link #wakeup()} was called
     * @throws MtcpException EINTR if the thread or the program was interrupted, EBADF if this is or gets closed, EDEADLK in a handler on the
     *     stack's thread that would have to wait
     */
    public int await(EpollEvents events, long timeout, TimeUnit unit) throws MtcpException {
        return awaitNanos(events, timeout < 0 ? -1 : unit.toNanos(timeout));
    }

    /** Ends a wait that is under way, or else the next one. */
    public void wakeup() {
        context.execute(this::wakeupHere);
    }

    /** Ends all waits and forgets what is watched; the sockets stay as they are. A second close does nothing. */
    @Override
    public void close() throws MtcpException {
        if (context.isOwner()) {
            closeHere();
        } else {
            context.run(this::closeHere);
        }
    }

    private int awaitNanos(EpollEvents events, long nanos) throws MtcpException {
        if (!context.isOwner()) {
            return (int) context.ship(new Await(this, events, nanos == 0), nanos < 0 ? Call.FOREVER : nanos);
        }
        checkOpen();
        if (context.mayTurn()) {
            // Always: an application that always finds something ready would starve the stack.
            context.turnOnce();
        }
        int count = collect(events);
        if (count != 0 || nanos == 0 || takeWakeup()) {
            return count;
        }
        long until = context.deadline(nanos < 0 ? Call.FOREVER : nanos);
        while (context.turn(until, true)) {
            count = collect(events);
            if (count != 0 || takeWakeup()) {
                return count;
            }
        }
        return 0;
    }

    private void addHere(Pollable target, int events, @Nullable Object attachment) throws MtcpException {
        check(target, events);
        if (target.registration(this) != null) {
            throw new MtcpException(Errno.EEXIST);
        }
        Registration r = context.registrations.take();
        r.epoll = this;
        r.target = target;
        target.register(r);
        watch(r, events, attachment);
    }

    private void modifyHere(Pollable target, int events, @Nullable Object attachment) throws MtcpException {
        check(target, events);
        Registration r = target.registration(this);
        if (r == null) {
            throw new MtcpException(Errno.ENOENT);
        }
        watch(r, events, attachment);
    }

    private void watch(Registration r, int events, @Nullable Object attachment) {
        r.events = events | EpollEvent.ALWAYS;
        r.attachment = attachment;
        if (r.target != null) {
            changed(r, r.target.readiness());
        }
    }

    private void removeHere(Pollable target) throws MtcpException {
        check(target, 0);
        Registration r = target.registration(this);
        if (r == null) {
            throw new MtcpException(Errno.ENOENT);
        }
        target.deregister(r);
    }

    private void check(Pollable target, int events) throws MtcpException {
        checkOpen();
        if (target.context != context) {
            throw new MtcpException(Errno.EINVAL, "of another context");
        }
        if (!target.isOpenHere()) {
            throw new MtcpException(Errno.EBADF);
        }
        if ((events & ~EpollEvent.KNOWN) != 0) {
            throw new MtcpException(Errno.EINVAL, "unknown events 0x" + Integer.toHexString(events));
        }
    }

    private void checkOpen() throws MtcpException {
        context.checkOpen();
        if (closed) {
            throw new MtcpException(Errno.EBADF);
        }
    }

    private void wakeupHere() {
        wakeup = true;
        wake();
    }

    private void closeHere() {
        if (closed) {
            return;
        }
        closed = true;
        for (Registration r = ready.nextReady; r != ready && r != null; r = ready.nextReady) {
            r.dequeue();
        }
        retry();
    }

    /** These events have come to hold for something that is watched. */
    void changed(Registration r, int bits) {
        if (closed) {
            // A closed epoll does not look for its registrations; they are found here, or when what they watch is
            // closed.
            if (r.target != null) {
                r.target.deregister(r);
            }
        } else if ((bits & r.events) != 0 && !r.isReady()) {
            r.enqueue(ready);
            wake();
        }
    }

    /**
     * Hands out what is ready. Each entry is looked at once; one that is level-triggered stays where it is. When not all have been looked at the ring begins
     * with the others the next time.
     */
    private int collect(EpollEvents out) throws MtcpException {
        checkOpen();
        out.begin();
        Registration r = ready.nextReady;
        while (r != null && r != ready && !out.isFull()) {
            Registration next = r.nextReady;
            Pollable target = r.target;
            int bits = target == null ? 0 : target.readiness() & r.events;
            if (target != null && bits != 0) {
                out.add(bits, target, r.attachment);
                if ((r.events & EpollEvent.ONESHOT) != 0) {
                    r.events &= EpollEvent.MODES;
                    r.dequeue();
                } else if ((r.events & EpollEvent.ET) != 0) {
                    r.dequeue();
                }
            } else {
                r.dequeue();
            }
            r = next;
        }
        if (r != null && r != ready) {
            ready.dequeue();
            ready.enqueue(r);
        }
        if (ready.nextReady != ready) {
            wake(); // others that wait, too
        }
        return out.count();
    }

    private boolean takeWakeup() {
        boolean taken = wakeup;
        wakeup = false;
        return taken;
    }

    /** A wait of another thread. */
    private static final class Await extends Call {
        private final Epoll epoll;
        private final EpollEvents events;
        private final boolean now;

        Await(Epoll epoll, EpollEvents events, boolean now) {
            super(epoll);
            this.epoll = epoll;
            this.events = events;
            this.now = now;
        }

        @Override
        long attempt() throws MtcpException {
            int count = epoll.collect(events);
            return count != 0 || now || epoll.takeWakeup() ? count : WAIT;
        }

        @Override
        boolean heedsSignals() {
            return true;
        }
    }
}
