package dev.jmtcp.bench.race;

import java.util.List;
import java.util.Map;

/**
 * Nothing but the schedule: each request counts as answered as soon as the loop sees that it is due. What that takes are the pauses of the machine and of the
 * JVM, so no stack on them can be below it.
 */
public final class MachineLoop extends Loop {

    private static final int TURNS = 256;

    private final Client client = new Client();

    public MachineLoop() {
        super(TURNS);
    }

    private static final class Client implements PacedClient {
        private final Schedule schedule = new Schedule();
        private long answers;

        void turn() {
            long now = System.nanoTime();
            while (schedule.isDue(now)) {
                schedule.answered(schedule.take(), System.nanoTime());
                answers++;
            }
        }

        @Override
        public Schedule schedule() {
            return schedule;
        }

        @Override
        public void go() {
            schedule.start(System.nanoTime());
        }

        @Override
        public void pause() {
            schedule.stop(System.nanoTime());
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
        return "machine";
    }

    @Override
    public String description() {
        return "no stack: what the pauses of the machine and of the JVM alone take";
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
