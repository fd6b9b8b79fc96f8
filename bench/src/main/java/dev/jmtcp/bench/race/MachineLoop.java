package dev.jmtcp.bench.race;

import java.util.List;
import java.util.Map;

/**
 * Nothing but the schedule: each request counts as answered as soon as the loop has seen that it is due and spent a fixed time on it, which may be none. What
 * that takes are the pauses of the machine and of the JVM, and then the time to catch up with what came due meanwhile: so no stack that needs so much for a
 * request can be below it.
 */
public final class MachineLoop extends Loop {

    private static final int TURNS = 256;

    private final Client client;

    /**
     * @param cost nanoseconds for a request
     */
    public MachineLoop(long cost) {
        super(TURNS);
        client = new Client(cost);
    }

    private static final class Client implements PacedClient {
        private final Schedule schedule = new Schedule();
        private final long cost;
        private long answers;

        Client(long cost) {
            this.cost = cost;
        }

        void turn() {
            long now = System.nanoTime();
            while (schedule.isDue(now)) {
                long due = schedule.take();
                long end = now + cost;
                do {
                    now = System.nanoTime();
                } while (now < end);
                schedule.answered(due, now);
                answers++;
            }
        }

        @Override
        public Schedule schedule() {
            return schedule;
        }

        @Override
        public boolean isQuiet() {
            return true;
        }

        @Override
        public long units() {
            return answers;
        }

        @Override
        public void end() {}
    }

    @Override
    public String name() {
        return client.cost == 0 ? "machine" : "machine-busy";
    }

    @Override
    public String description() {
        return "no stack, %d ns for a request: what the pauses of the machine and of the JVM take"
                .formatted(client.cost);
    }

    @Override
    protected void turn() {
        client.turn();
    }

    @Override
    public PacedClient client() {
        return client;
    }

    @Override
    protected long frames() {
        return -1;
    }

    @Override
    public Outcome finish() {
        return new Outcome(Map.of("answers", client.answers), List.of());
    }

    @Override
    public void close() {}
}
