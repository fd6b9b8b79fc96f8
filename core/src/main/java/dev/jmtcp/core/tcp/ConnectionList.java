package dev.jmtcp.core.tcp;

import org.jspecify.annotations.Nullable;

/** A list of connections in order of arrival, linked through their {@code nextQueued} and {@code previousQueued} fields. */
final class ConnectionList {

    private @Nullable Connection first;
    private @Nullable Connection last;
    private int size;

    int size() {
        return size;
    }

    @Nullable
    Connection first() {
        return first;
    }

    void add(Connection c) {
        c.previousQueued = last;
        c.nextQueued = null;
        if (last == null) {
            first = c;
        } else {
            last.nextQueued = c;
        }
        last = c;
        size++;
    }

    void remove(Connection c) {
        Connection previous = c.previousQueued;
        Connection next = c.nextQueued;
        if (previous == null) {
            first = next;
        } else {
            previous.nextQueued = next;
        }
        if (next == null) {
            last = previous;
        } else {
            next.previousQueued = previous;
        }
        c.previousQueued = null;
        c.nextQueued = null;
        size--;
    }

    @Nullable
    Connection poll() {
        Connection c = first;
        if (c != null) {
            remove(c);
        }
        return c;
    }
}
