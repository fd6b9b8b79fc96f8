package dev.jmtcp.core.tcp;

import org.jspecify.annotations.Nullable;

/** The connections and listeners whose users are to be told of something, linked through themselves. One object a stack; allocates nothing. */
final class EventQueue {

    private final Tcp tcp;
    private @Nullable Connection first;
    private @Nullable Connection last;
    private @Nullable Listener firstListener;

    EventQueue(Tcp tcp) {
        this.tcp = tcp;
    }

    /** Notes what has happened to a connection, bits of {@link Events}. */
    void add(Connection c, int bits) {
        c.events = (char) (c.events | bits);
        if (!c.inEventList) {
            c.inEventList = true;
            if (last == null) {
                first = c;
            } else {
                last.nextEvent = c;
            }
            last = c;
        }
    }

    /** Notes that a listener has got a connection to accept. */
    void add(Listener listener) {
        if (!listener.inEventList) {
            listener.inEventList = true;
            listener.nextEvent = firstListener;
            firstListener = listener;
        }
    }

    /** The next connection that something has happened to, and that somebody uses; null if there is none. */
    @Nullable
    Connection pollConnection() {
        while (true) {
            Connection c = first;
            if (c == null) {
                return null;
            }
            first = c.nextEvent;
            if (first == null) {
                last = null;
            }
            c.nextEvent = null;
            c.inEventList = false;
            if (c.events != 0 && c.user() != null) {
                return c;
            }
            tcp.recycleIfDone(c);
        }
    }

    /** The next listener, or null. */
    @Nullable
    Listener pollListener() {
        Listener listener = firstListener;
        if (listener != null) {
            firstListener = listener.nextEvent;
            listener.nextEvent = null;
            listener.inEventList = false;
        }
        return listener;
    }
}
