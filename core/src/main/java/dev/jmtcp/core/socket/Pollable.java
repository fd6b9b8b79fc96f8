package dev.jmtcp.core.socket;

import org.jspecify.annotations.Nullable;

/** What an {@link Epoll} can watch: a socket, or the end of a pipe. */
public abstract sealed class Pollable extends Waitable permits SocketState, PipeEnd {

    /** Who watches this, linked by {@link Registration#next}; on the stack's thread. */
    private @Nullable Registration registrations;

    Pollable(Context context) {
        super(context);
    }

    /** The events that hold now: bits of {@link EpollEvent}; on the stack's thread. */
    abstract int readiness();

    /** Whether this has not been closed; on the stack's thread. */
    abstract boolean isOpenHere();

    final void register(Registration registration) {
        registration.next = registrations;
        registrations = registration;
    }

    final @Nullable Registration registration(Epoll epoll) {
        for (Registration r = registrations; r != null; r = r.next) {
            if (r.epoll == epoll) {
                return r;
            }
        }
        return null;
    }

    /** Ends a registration of this. */
    final void deregister(Registration registration) {
        Registration before = null;
        for (Registration r = registrations; r != null; r = r.next) {
            if (r == registration) {
                if (before == null) {
                    registrations = r.next;
                } else {
                    before.next = r.next;
                }
                r.dequeue();
                context.registrations.give(r);
                return;
            }
            before = r;
        }
    }

    /** Ends all registrations of this, since it is closed. */
    final void deregisterAll() {
        for (Registration r = registrations; r != null; r = registrations) {
            registrations = r.next;
            r.dequeue();
            context.registrations.give(r);
        }
    }

    /** Tells all who watch or wait that these events may hold from now on. */
    final void changed(int bits) {
        Registration r = registrations;
        while (r != null) {
            Registration next = r.next;
            Epoll epoll = r.epoll;
            if (epoll != null) {
                epoll.changed(r, bits);
            }
            r = next;
        }
        wake();
    }
}
