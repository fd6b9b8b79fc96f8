package dev.jmtcp.driver.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * Runs stacks and wires in virtual time, in one thread, the same every time. At each instant it steps its nodes in turn until none does anything
 * any more; then it sets the clock to the next instant at which a node, a wire or an action has something to do.
 *
 * <p>Belongs to the thread that runs it, on which the nodes and actions are called too. Times in nanoseconds.
 */
public final class Simulation {

    /** How often nodes may be stepped at one instant before that counts as an endless loop. */
    public static final int DEFAULT_ROUNDS = 10_000_000;

    private static final int PATIENCE = 10_000;

    /** Something that does its work when it is stepped: a stack. */
    public interface Node {

        /**
         * Does what there is to do now.
         *
         * @param now the time
         * @return whether there was anything
         */
        boolean step(long now);

        /** When it must be stepped again at the latest if no frame arrives before; {@link Long#MAX_VALUE} for never. */
        long nextDeadline();
    }

    /** Something that has events of its own, for which nodes must be stepped: a wire. */
    public interface Source {

        /** When the next event is, at the earliest {@code now}; {@link Long#MAX_VALUE} for never. */
        long nextEvent(long now);
    }

    private record Action(long time, long order, Runnable run) implements Comparable<Action> {
        @Override
        public int compareTo(Action other) {
            return time != other.time ? Long.compare(time, other.time) : Long.compare(order, other.order);
        }
    }

    private final VirtualClock clock;
    private final int rounds;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private final PriorityQueue<Action> actions = new PriorityQueue<>();
    private long scheduled;

    public Simulation(VirtualClock clock) {
        this(clock, DEFAULT_ROUNDS);
    }

    /**
     * @param clock the clock that this drives, the same that the nodes and ports were given
     * @param rounds how often nodes may be stepped at one instant; after that a run fails
     */
    public Simulation(VirtualClock clock, int rounds) {
        this.clock = clock;
        this.rounds = rounds;
    }

    /** Adds a node, stepped after those added before. */
    public void add(Node node) {
        nodes.add(node);
    }

    /** Takes a node out. */
    public void remove(Node node) {
        nodes.remove(node);
    }

    /** Adds a wire. */
    public void add(Source source) {
        sources.add(source);
    }

    public long now() {
        return clock.now();
    }

    /** Does something at a time; now if that is past. Actions of one time are done in the order they were given, before nodes are stepped. */
    public void at(long time, Runnable action) {
        actions.add(new Action(Math.max(time, clock.now()), scheduled++, action));
    }

    /** Does something after so many nanoseconds. */
    public void after(long nanos, Runnable action) {
        at(clock.now() + nanos, action);
    }

    /** Runs for so many nanoseconds; the clock then stands exactly there. */
    public void runFor(long nanos) {
        runUntil(() -> false, nanos);
    }

    /**
     * Runs until a condition holds, which is looked at after each round of steps.
     *
     * @param condition what to wait for
     * @param limit the longest time in nanoseconds
     * @return whether the condition holds; otherwise the clock stands at the limit
     * @throws IllegalStateException if the nodes never rest at one instant
     */
    public boolean runUntil(BooleanSupplier condition, long limit) {
        long end = clock.now() + limit;
        int creeps = 0;
        while (true) {
            if (settle(condition)) {
                return true;
            }
            long now = clock.now();
            long next = nextInstant(now);
            if (next > now) {
                creeps = 0;
            } else if (creeps++ < PATIENCE) {
                // A node that asks for a time that is past, but does nothing: coarse timers round.
                next = now + 1;
            } else {
                throw new IllegalStateException("at " + now + " ns a deadline stays in the past: " + overdue(now));
            }
            if (next > end) {
                clock.advanceTo(end);
                return condition.getAsBoolean();
            }
            clock.advanceTo(next);
        }
    }

    /** Does all there is to do now; whether the condition came to hold. */
    private boolean settle(BooleanSupplier condition) {
        long now = clock.now();
        for (int round = 0; round < rounds; round++) {
            boolean busy = false;
            for (Action action = actions.peek(); action != null && action.time <= now; action = actions.peek()) {
                actions.remove().run.run();
                busy = true;
            }
            for (int i = 0; i < nodes.size(); i++) {
                busy |= nodes.get(i).step(now);
            }
            if (condition.getAsBoolean()) {
                return true;
            }
            if (!busy) {
                return false;
            }
        }
        throw new IllegalStateException("at " + now + " ns the nodes do not come to rest in " + rounds + " rounds");
    }

    /** The next time something is to do. Frames that are there, but that no node takes, do not count. */
    private long nextInstant(long now) {
        Action action = actions.peek();
        long next = action == null ? Long.MAX_VALUE : action.time;
        for (Node node : nodes) {
            next = Math.min(next, node.nextDeadline());
        }
        for (Source source : sources) {
            long event = source.nextEvent(now);
            if (event > now) {
                next = Math.min(next, event);
            }
        }
        return next;
    }

    private String overdue(long now) {
        return nodes.stream()
                .filter(node -> node.nextDeadline() <= now)
                .map(Object::toString)
                .toList()
                .toString();
    }
}
