package dev.jmtcp.core.link;

import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.ip.Ipv4Layer;
import dev.jmtcp.core.ip.LinkOutput;
import dev.jmtcp.core.link.Neighbour.State;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.timer.TimerWheel;
import dev.jmtcp.core.wire.Ethernet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The neighbours and their life, a simple form of neighbour unreachability detection (RFC 4861 section 7.3) for ARP. Belongs to the stack's
 * thread.
 *
 * <pre>
 *             used             answer                time, used            answer
 *   IDLE ------------> INCOMPLETE -----> REACHABLE ---------------> PROBE ---------> REACHABLE
 *                          | no answer       | time, not used         ^ | no answer
 *                          v                 v          used          | v
 *                       FAILED             STALE ---------------------+ INCOMPLETE
 *                          | time            | time
 *                          v                 v
 *                       DETACHED          DETACHED
 * </pre>
 *
 * <p>Whatever a neighbour says of itself by ARP makes it REACHABLE. In INCOMPLETE requests go to all, in PROBE to the neighbour alone.
 */
final class Neighbours {

    /** Frames can be sent. */
    static final long READY = 0;

    /** The most slots looked at to find one that can make room: bounds the work that a flood of new neighbours makes. */
    private static final int SEARCH = 256;

    private final @Nullable InterfaceConfig[] interfaces;
    private final List<StaticNeighbour> fixed;
    private final NeighbourTable table;
    private final WaitingPackets waiting;
    private final Transmitter transmitter;
    private final ArpOutput arp;
    private final TimerWheel timers;
    private final Counters counters;

    private final long reachable;
    private final long unused;
    private final long retry;
    private final int tries;
    private final long holdDown;

    @SuppressWarnings("NullAway.Init") // by start(), before the first packet
    private Ipv4Layer ip;

    /** Where the search for one to make room goes on. */
    private int hand;

    /** How many neighbours in the table have only been learned of. */
    private int learned;

    private long now;

    /**
     * @param interfaces by port; null where IP does not use the port
     */
    Neighbours(
            NeighbourConfig config,
            @Nullable InterfaceConfig[] interfaces,
            Transmitter transmitter,
            WaitingPackets waiting,
            ArpOutput arp,
            TimerWheel timers,
            Counters counters) {
        this.interfaces = interfaces;
        this.transmitter = transmitter;
        this.waiting = waiting;
        this.arp = arp;
        this.timers = timers;
        this.counters = counters;
        fixed = config.fixed().stream()
                .sorted(Comparator.comparingInt(
                                (StaticNeighbour each) -> each.addresses().length())
                        .reversed())
                .toList();
        table = new NeighbourTable(config.limit());
        reachable = config.reachable().toNanos();
        unused = config.unused().toNanos();
        retry = config.retry().toNanos();
        tries = config.tries();
        holdDown = config.holdDown().toNanos();
    }

    void start(Ipv4Layer ip) {
        this.ip = ip;
    }

    /** The time until further notice. */
    void now(long now) {
        this.now = now;
    }

    int size() {
        return table.size();
    }

    /** See {@link LinkOutput#nextHop}. */
    Neighbour nextHop(int port, int address) {
        Neighbour neighbour = table.find(port, address);
        if (neighbour == null) {
            neighbour = create(port, address);
            neighbour.wanted = true;
            if (makeRoom(true)) {
                add(neighbour);
            }
        } else if (!neighbour.wanted) {
            neighbour.wanted = true;
            learned--;
        }
        return neighbour;
    }

    /**
     * Called before sending to a neighbour that is not ready; asks for it as needed.
     *
     * @param awaited whether TCP will wait for the answer if there is none yet
     * @return {@link #READY}, {@link LinkOutput#UNRESOLVED}, or {@link LinkOutput#FULL} if there is no room for it in the table
     */
    long resolve(Neighbour hop, boolean awaited) {
        Neighbour neighbour = attached(hop);
        neighbour.used = true;
        return switch (neighbour.state()) {
            case DETACHED -> LinkOutput.FULL;
            case REACHABLE, PROBE, STATIC -> READY;
            case STALE -> {
                probe(neighbour, now);
                yield READY;
            }
            case IDLE -> {
                neighbour.awaited |= awaited;
                solicit(neighbour, now);
                yield LinkOutput.UNRESOLVED;
            }
            case INCOMPLETE, FAILED -> {
                neighbour.awaited |= awaited;
                yield LinkOutput.UNRESOLVED;
            }
        };
    }

    /**
     * Sends, keeps or drops the packet reserved last on the port of a neighbour that is not ready.
     *
     * @param length the bytes of the IP packet
     * @param offload see {@link dev.jmtcp.spi.TxOffload}; a packet that has to wait must not need any
     */
    void commit(Neighbour hop, int length, long offload) {
        Neighbour neighbour = attached(hop);
        int port = neighbour.port();
        if (neighbour.hardware != Neighbour.UNKNOWN) {
            transmitter.commit(port, neighbour.hardware, Ethernet.TYPE_IPV4, length, offload);
        } else if (neighbour.state() == State.DETACHED) {
            counters.add(Counter.ARP_PENDING_FULL);
            return;
        } else if (neighbour.state() == State.FAILED) {
            counters.add(Counter.ARP_FAILED);
            return;
        } else {
            waiting.add(neighbour, transmitter.memory(port), transmitter.reserved(port), length);
        }
        // Only now, as it may send a request, which abandons the frame reserved.
        resolve(neighbour, false);
    }

    /** See {@link LinkOutput#doubt}. */
    void doubt(Neighbour hop) {
        Neighbour neighbour = hop.owner;
        if (neighbour.state() == State.REACHABLE || neighbour.state() == State.STALE) {
            probe(neighbour, now);
        }
    }

    /**
     * Takes what a neighbour has said of itself.
     *
     * @param toUs whether it was said to us: else it counts only for those already known (RFC 826: the merge flag)
     */
    void learn(int port, int address, long hardware, boolean toUs, long now) {
        Neighbour neighbour = table.find(port, address);
        if (neighbour != null) {
            confirm(neighbour, hardware, now);
            return;
        }
        InterfaceConfig egress = interfaces[port];
        if (toUs && egress != null && egress.isNeighbour(address) && makeRoom(false)) {
            neighbour = create(port, address);
            add(neighbour);
            confirm(neighbour, hardware, now);
        }
    }

    private void confirm(Neighbour neighbour, long hardware, long now) {
        if (neighbour.state() == State.STATIC) {
            return;
        }
        boolean wasUnknown = neighbour.hardware == Neighbour.UNKNOWN;
        neighbour.hardware = hardware;
        neighbour.enter(State.REACHABLE);
        timers.schedule(neighbour.timer, now + reachable);
        if (wasUnknown) {
            waiting.send(neighbour);
            if (neighbour.awaited) {
                neighbour.awaited = false;
                for (Neighbour each = neighbour; each != null; each = each.nextFollower) {
                    ip.neighbourReady(each, now);
                }
            }
        }
    }

    /** The timer of a neighbour has expired. */
    void expired(Neighbour neighbour, long now) {
        switch (neighbour.state()) {
            case INCOMPLETE -> {
                if (neighbour.tries < tries) {
                    ask(neighbour, Ethernet.BROADCAST, now);
                } else {
                    fail(neighbour, now);
                }
            }
            case PROBE -> {
                if (neighbour.tries < tries) {
                    ask(neighbour, neighbour.hardware, now);
                } else {
                    neighbour.hardware = Neighbour.UNKNOWN;
                    solicit(neighbour, now);
                }
            }
            case REACHABLE -> {
                if (neighbour.used) {
                    probe(neighbour, now);
                } else {
                    neighbour.enter(State.STALE);
                    timers.schedule(neighbour.timer, now + unused);
                }
            }
            case FAILED -> {
                if (neighbour.awaited) {
                    solicit(neighbour, now);
                } else {
                    remove(neighbour);
                }
            }
            case STALE -> remove(neighbour);
            case DETACHED, IDLE, STATIC -> throw new AssertionError(neighbour.state());
        }
    }

    /** Begins to ask all for a neighbour. */
    private void solicit(Neighbour neighbour, long now) {
        neighbour.enter(State.INCOMPLETE);
        neighbour.tries = 0;
        ask(neighbour, Ethernet.BROADCAST, now);
    }

    /** Begins to ask a neighbour whether it is still there. */
    private void probe(Neighbour neighbour, long now) {
        neighbour.enter(State.PROBE);
        neighbour.used = false;
        neighbour.tries = 0;
        ask(neighbour, neighbour.hardware, now);
    }

    private void ask(Neighbour neighbour, long destination, long now) {
        neighbour.tries++;
        arp.request(neighbour.port(), destination, neighbour.source(), neighbour.address());
        timers.schedule(neighbour.timer, now + retry);
    }

    private void fail(Neighbour neighbour, long now) {
        neighbour.enter(State.FAILED);
        timers.schedule(neighbour.timer, now + holdDown);
        waiting.drop(neighbour, Counter.ARP_FAILED);
        if (neighbour.awaited) {
            neighbour.awaited = false;
            for (Neighbour each = neighbour; each != null; each = each.nextFollower) {
                ip.neighbourFailed(each, now);
            }
        }
    }

    private Neighbour create(int port, int address) {
        InterfaceConfig egress = interfaces[port];
        if (egress == null) {
            throw new IllegalArgumentException("port " + port + " has no address");
        }
        return new Neighbour(egress, address, this);
    }

    /** The one in the table for a neighbour that may not be there any more; itself, still not there, if there is no room. */
    private Neighbour attached(Neighbour hop) {
        if (hop.owner.state() != State.DETACHED) {
            return hop.owner;
        }
        Neighbour other = table.find(hop.port(), hop.address());
        if (other != null) {
            hop.owner = other;
            hop.nextFollower = other.nextFollower;
            other.nextFollower = hop;
            if (!other.wanted) {
                other.wanted = true;
                learned--;
            }
        } else if (makeRoom(true)) {
            add(hop);
        }
        return hop.owner;
    }

    private void add(Neighbour neighbour) {
        table.add(neighbour);
        if (!neighbour.wanted) {
            learned++;
        }
        neighbour.enter(State.IDLE);
        for (int i = 0; i < fixed.size(); i++) {
            if (fixed.get(i).addresses().contains(neighbour.address())) {
                neighbour.hardware = fixed.get(i).mac().bits();
                neighbour.enter(State.STATIC);
                return;
            }
        }
    }

    /**
     * Sees to it that there is room in the table: one not used of late, and not waited for, has to go.
     *
     * @param any whether it may be one that IP has asked for; no number of strangers that ask for us drives those out
     * @return whether there is room
     */
    private boolean makeRoom(boolean any) {
        if (!table.isFull()) {
            return true;
        }
        if (!any && learned == 0) {
            return false;
        }
        for (int i = 0; i < SEARCH; i++) {
            hand = hand + 1 & table.slots() - 1;
            Neighbour neighbour = table.at(hand);
            if (neighbour == null || neighbour.awaited || neighbour.wanted && !any) {
                continue;
            }
            if (neighbour.used) {
                neighbour.used = false;
                continue;
            }
            remove(neighbour);
            return true;
        }
        return false;
    }

    private void remove(Neighbour neighbour) {
        table.remove(neighbour);
        if (!neighbour.wanted) {
            learned--;
        }
        timers.cancel(neighbour.timer);
        waiting.drop(neighbour, Counter.ARP_PENDING_FULL);
        neighbour.hardware = Neighbour.UNKNOWN;
        neighbour.enter(State.DETACHED);
        Neighbour follower = neighbour.nextFollower;
        neighbour.nextFollower = null;
        while (follower != null) {
            Neighbour following = follower.nextFollower;
            follower.nextFollower = null;
            follower.owner = follower;
            follower = following;
        }
    }
}
