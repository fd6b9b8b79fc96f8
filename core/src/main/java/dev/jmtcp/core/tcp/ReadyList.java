package dev.jmtcp.core.tcp;

import org.jspecify.annotations.Nullable;

/** The connections that may have something to send, in the order in which they became so; linked through {@code nextReady}. */
final class ReadyList {

    private @Nullable Connection first;
    private @Nullable Connection last;

    boolean isEmpty() {
        return first == null;
    }

    /** Adds a connection, unless it is listed already, here or at a path that waits for its neighbour. */
    void add(Connection c) {
        if (c.ready) {
            return;
        }
        c.ready = true;
        c.nextReady = null;
        if (last == null) {
            first = c;
        } else {
            last.nextReady = c;
        }
        last = c;
    }

    /** Takes the first one. */
    @Nullable
    Connection poll() {
        Connection c = first;
        if (c != null) {
            first = c.nextReady;
            if (first == null) {
                last = null;
            }
            c.nextReady = null;
            c.ready = false;
        }
        return c;
    }

    /** The last one now: a turn goes no further than this. */
    @Nullable
    Connection last() {
        return last;
    }
}
