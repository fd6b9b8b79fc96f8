package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;
import org.jspecify.annotations.Nullable;

/** New connections in the place of those in TIME-WAIT: opened by the peer or by this side, told apart by timestamps (RFC 9293 section 3.6.1, RFC 6191). */
final class Succession {

    private static final int MAX_WINDOW = 0xffff;

    /** After so many nanoseconds the timestamps of a new connection are beyond those of the old one, whatever clock the peer has. */
    private static final long SECOND = 1_000_000_000;

    private final Tcp tcp;

    Succession(Tcp tcp) {
        this.tcp = tcp;
    }

    // ---- Opened by this side

    /**
     * Whether a new connection may take the place of one in TIME-WAIT that this side opens anew: its timestamps tell the two apart, on both sides (RFC 6191
     * section 2), once the old one has been silent for a second.
     */
    boolean isPossible(Connection c) {
        return c.state == State.TIME_WAIT
                && c.timestampsOk
                && tcp.settings.timestamps()
                && tcp.now - Math.max(c.lastReceived, c.lastSent) >= SECOND;
    }

    // ---- Opened by the peer

    /**
     * Whether a SYN for a connection in TIME-WAIT may open a new one (RFC 9293 section 3.6.1, MAY-2; RFC 6191 section 2): its timestamp is newer, or
     * its sequence number is beyond all that was received.
     */
    boolean isAskedFor(Connection c, Segment s) {
        if ((s.flags & (TcpHeader.SYN | TcpHeader.RST | TcpHeader.ACK)) != TcpHeader.SYN) {
            return false;
        }
        if (tcp.settings.timestamps() && s.options.timestampPresent) {
            if (!c.timestampsOk) {
                return true;
            }
            if (s.options.tsVal != c.tsRecent) {
                return Seq.greaterThan(s.options.tsVal, c.tsRecent);
            }
        }
        return Seq.greaterThan(s.seq, c.rcvNxt);
    }

    /**
     * Such a SYN for a port that is listened on: the new connection takes the place of the old one, if there is room for it. The old one is kept aside: if
     * the SYN turns out to be an old duplicate, it goes on waiting (RFC 9293 section 3.6.1, MAY-2, (2)).
     */
    void begin(Connection old, Listener listener, Segment s, long now) {
        Path path = old.path;
        if (listener.isFull() || path == null) {
            tcp.counters.add(Counter.TCP_BACKLOG_FULL);
            return;
        }
        tcp.flows.remove(old);
        tcp.wheel.cancel(old);
        old.lifeDeadline = Connection.NEVER;
        Connection c = tcp.handshake.open(
                listener, s, path, now); // without a cookie: its number must be beyond all that was used
        beginBeyond(c, old.sndNxt);
        c.nextEvent = old;
    }

    /** RFC 9293 section 3.6.1, MAY-2, (1): beyond all that was used, if that went faster than the clock of ISNs. */
    static void beginBeyond(Connection c, int used) {
        if (!Seq.greaterThan(c.sndUna, used)) {
            Handshake.number(c, used + MAX_WINDOW);
        }
    }

    /** A connection is established that has come by a SYN: the one that it has replaced is over. */
    void accomplished(Connection c) {
        Connection old = replaced(c);
        if (old != null) {
            tcp.counters.add(Counter.TCP_TIME_WAIT_REUSED);
            tcp.end(old, CloseReason.NORMAL);
        }
    }

    /** A handshake of a passive open has come to nothing: the connection that it would have replaced, if any, goes on waiting. */
    void failed(Connection c, CloseReason reason) {
        Connection old = replaced(c);
        if (old == null) {
            return;
        }
        if (reason == CloseReason.SHUT_DOWN) {
            tcp.end(old, reason);
        } else {
            tcp.flows.add(old);
            tcp.timers.timeWait(old);
        }
    }

    /**
     * The connection whose place another has taken, which forgets it. Null too if its user has aborted it meanwhile; its record may be in use for another
     * one by now, but that stands elsewhere.
     */
    private static @Nullable Connection replaced(Connection c) {
        Connection old = c.nextEvent;
        c.nextEvent = null;
        boolean same = old != null
                && !old.pooled
                && old.state == State.TIME_WAIT
                && old.localPort == c.localPort
                && old.remotePort == c.remotePort
                && old.localLow == c.localLow
                && old.localHigh == c.localHigh
                && old.remoteLow == c.remoteLow
                && old.remoteHigh == c.remoteHigh;
        return same ? old : null;
    }
}
