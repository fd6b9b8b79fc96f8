package dev.jmtcp.core.link;

import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.ip.NextHop;
import dev.jmtcp.core.timer.Timer;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 neighbour on a port and what is known of it. It is at once the {@link NextHop} that connections hold on to, for as long as they like:
 * if it has left the table meanwhile and is used again, it returns, or if another object has taken its place there, follows that one.
 */
final class Neighbour extends NextHop {

    /** The hardware address is not known. */
    static final long UNKNOWN = -1;

    enum State {
        /** Not in the table. */
        DETACHED(false),
        /** Nothing is known, nothing has been asked. */
        IDLE(false),
        /** Asked for, not answered yet. */
        INCOMPLETE(false),
        /** Known, of late. */
        REACHABLE(true),
        /** Known, but not of late: will be asked when used. */
        STALE(false),
        /** Known, but not of late: has been asked, and is used meanwhile. */
        PROBE(true),
        /** Did not answer; not to be asked for a while. */
        FAILED(false),
        /** Known for good. */
        STATIC(true);

        private final boolean ready;

        State(boolean ready) {
            this.ready = ready;
        }
    }

    private State state = State.DETACHED;

    /** Whether frames can be sent and there is nothing else to do. */
    private boolean ready;

    /** The hardware address, or {@link #UNKNOWN}. */
    long hardware = UNKNOWN;

    /** The one in the table: this, or the one that this follows. */
    Neighbour owner = this;

    /** The next of those that follow the same one. */
    @Nullable
    Neighbour nextFollower;

    /** Whether it was sent to since this was last set to false. */
    boolean used;

    /** Whether it was ever asked for by IP, not only learned of. */
    boolean wanted;

    /** Whether TCP waits to hear of it. */
    boolean awaited;

    /** Requests sent without answer. */
    int tries;

    /** The packets that wait: the list, see {@link WaitingPackets}. */
    int firstWaiting = WaitingPackets.NONE;

    int lastWaiting = WaitingPackets.NONE;
    int waitingCount;

    final Timer timer;

    Neighbour(InterfaceConfig egress, int address, Neighbours neighbours) {
        super(egress, address);
        timer = new Timer() {
            @Override
            protected void expired(long now) {
                neighbours.expired(Neighbour.this, now);
            }
        };
    }

    State state() {
        return state;
    }

    void enter(State state) {
        this.state = state;
        ready = state.ready;
    }

    boolean isReady() {
        return ready;
    }

    boolean is(int port, int address) {
        return address() == address && port() == port;
    }
}
