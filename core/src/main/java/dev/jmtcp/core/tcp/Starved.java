package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import java.util.ArrayDeque;

/** The connections that could not hand over all, for lack of buffers, in the order in which they are told when there are some. One object a stack. */
final class Starved {

    private final Tcp tcp;
    private final ArrayDeque<Connection> connections = new ArrayDeque<>();

    Starved(Tcp tcp) {
        this.tcp = tcp;
    }

    boolean isEmpty() {
        return connections.isEmpty();
    }

    /** A connection has found no buffers. */
    void add(Connection c) {
        tcp.counters.add(Counter.TCP_WRITES_SHORT);
        if (!c.starved) {
            c.starved = true;
            connections.add(c);
        }
    }

    /** Tells so many at most that they may try again. */
    void feed(long most) {
        for (long left = most; left > 0 && !connections.isEmpty(); left--) {
            Connection c = connections.remove();
            c.starved = false;
            tcp.notify(c, Events.WRITABLE);
            tcp.recycleIfDone(c);
        }
    }
}
