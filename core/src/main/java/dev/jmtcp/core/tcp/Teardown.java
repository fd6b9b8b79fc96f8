package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;

/** How connections end: by FINs (RFC 9293 section 3.6), by a RST (section 3.10.5), or all at once with the stack. One object a stack. */
final class Teardown {

    private final Tcp tcp;

    Teardown(Tcp tcp) {
        this.tcp = tcp;
    }

    /** Ends the send stream: a FIN follows the data handed over (half close, RFC 9293 section 3.6). */
    void shutdownOutput(Connection c) {
        if (c.finQueued) {
            return;
        }
        switch (c.state) {
            case SYN_SENT, SYN_RECEIVED -> c.finQueued = true;
            case ESTABLISHED -> {
                c.finQueued = true;
                c.moveTo(State.FIN_WAIT_1);
            }
            case CLOSE_WAIT -> {
                c.finQueued = true;
                c.moveTo(State.LAST_ACK);
            }
            case CLOSED, FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK, TIME_WAIT -> {
                return;
            }
        }
        tcp.ready.add(c);
    }

    /**
     * Closes a connection, which nobody uses from now on: what was handed over is still delivered, but nothing more is received. With data not
     * yet read the connection is reset, so that the peer knows it was lost (RFC 9293 section 3.6.1, SHLD-3).
     */
    void close(Connection c) {
        if (c.state == State.SYN_SENT) {
            abort(c);
        } else if (c.readable() > 0 && c.state != State.CLOSED && c.state != State.TIME_WAIT) {
            tcp.replies.abort(c);
            end(c, CloseReason.ABORTED);
        } else {
            shutdownOutput(c);
            if (c.state == State.FIN_WAIT_2) {
                tcp.timers.orphaned(c);
            } else if (c.state == State.TIME_WAIT) {
                tcp.shutdownInput(c);
            }
        }
    }

    /** Resets a connection (RFC 9293 section 3.10.5). Its user stays tied to it. */
    void abort(Connection c) {
        switch (c.state) {
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT -> tcp.replies.abort(c);
            case CLOSED, SYN_SENT, CLOSING, LAST_ACK, TIME_WAIT -> {}
        }
        if (c.state != State.CLOSED) {
            end(c, CloseReason.ABORTED);
        }
    }

    /** Resets what a listener has not handed out: handshakes under way, and connections not yet accepted. */
    void abortQueued(Listener listener) {
        for (Connection c = listener.halfOpen.first(); c != null; c = listener.halfOpen.first()) {
            abort(c);
        }
        for (Connection c = listener.acceptable.first(); c != null; c = listener.acceptable.first()) {
            abort(c);
        }
    }

    /** Ends everything at once: each connection is reset, unless both its application and the peer know of its end. */
    void all() {
        for (int slot = 0; slot < tcp.flows.slots(); slot++) {
            for (Flow flow = tcp.flows.at(slot); flow != null; flow = tcp.flows.at(slot)) {
                Connection c = (Connection) flow;
                // Who has closed and delivered everything has nothing to reset; the peer may still be reading.
                boolean done = c.state == State.TIME_WAIT || (c.detached && c.finAcked());
                if (c.state.isSynchronized() && !done) {
                    tcp.replies.abort(c);
                }
                end(c, CloseReason.SHUT_DOWN);
            }
        }
    }

    /** The end of a connection: it leaves all tables; its user, if any, is told. What has been received can still be read. */
    void end(Connection c, CloseReason reason) {
        if (c.state == State.CLOSED) {
            return;
        }
        Listener listener = c.listener;
        if (listener != null && c.queuedAtListener) {
            (c.state == State.SYN_RECEIVED ? listener.halfOpen : listener.acceptable).remove(c);
            c.queuedAtListener = false;
        }
        tcp.flows.remove(c);
        if (listener != null && c.state == State.SYN_RECEIVED && c.nextEvent != null) {
            tcp.succession.failed(c, reason);
        }
        tcp.wheel.cancel(c);
        c.closeReason = reason;
        c.moveTo(State.CLOSED);
        tcp.pool.releaseSend(c);
        tcp.pool.releaseOutOfOrder(c);
        if (c.readable() == 0) {
            tcp.pool.releaseReceive(c);
        }
        int events = Events.CLOSED | Events.READABLE | Events.WRITABLE;
        tcp.notify(c, reason == CloseReason.NORMAL ? events : events | Events.ERROR);
        tcp.recycleIfDone(c);
    }

    /** Both sides have closed (RFC 9293 section 3.6.1): the record stays for a while, so that nothing old is taken for new. */
    void enterTimeWait(Connection c) {
        c.moveTo(State.TIME_WAIT);
        tcp.counters.add(Counter.TCP_CLOSED);
        tcp.pool.releaseSend(c);
        tcp.timers.timeWait(c);
    }
}
