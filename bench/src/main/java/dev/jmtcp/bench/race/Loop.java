package dev.jmtcp.bench.race;

import java.io.IOException;

/** A contestant that works in a loop on the thread of whoever has it work: both ends, or the client's alone. */
public abstract class Loop implements Contestant {

    /** How long what is under way may take to end. */
    private static final long PATIENCE = 100_000_000_000L;

    private final Meter meter;
    private final int turns;

    /**
     * @param turns between two looks at the time, which is a system call
     * @param others threads that work for it besides
     */
    protected Loop(int turns, Thread... others) {
        this.turns = turns;
        meter = new Meter(others);
    }

    /** Lets each end on this thread do what there is to do. */
    protected abstract void turn() throws IOException;

    public abstract Client client();

    /** The frames that both ends have received; −1 if that is not known. */
    protected abstract long frames();

    @Override
    public final Work work(long cpuNanos) throws IOException {
        Client client = client();
        meter.start(client.units(), frames());
        client.go();
        do {
            for (int i = 0; i < turns; i++) {
                turn();
            }
        } while (!meter.isOver(cpuNanos));
        Work work = meter.stop(client.units(), frames());
        client.pause();
        settle();
        rest();
        return work;
    }

    /**
     * Works for so long in real time, and then lets what is under way come to its end. For clients that keep to a schedule.
     *
     * @throws IOException as {@link #work}
     */
    public final void workFor(long wallNanos) throws IOException {
        Client client = client();
        client.go();
        long end = System.nanoTime() + wallNanos;
        while (System.nanoTime() < end) {
            turn();
        }
        client.pause();
        settle();
        rest();
    }

    /** Lets the stack, too, finish what is under way, before it gets no turns for a while. */
    protected void rest() throws IOException {}

    /** Goes on until nothing is under way. */
    protected final void settle() throws IOException {
        long end = System.nanoTime() + PATIENCE;
        while (!client().isQuiet()) {
            if (System.nanoTime() > end) {
                throw new IOException(name() + ": connections do not come to an end");
            }
            turn();
        }
    }
}
