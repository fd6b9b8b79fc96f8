package dev.jmtcp.bench.race;

import java.io.IOException;

/** A TCP with an application at both ends, which does one kind of work. Used by one thread, which may be the one that works. */
public interface Contestant extends AutoCloseable {

    String name();

    /** What it runs on, for people. */
    String description();

    /**
     * Works until so much processor time is used up, and then lets what is under way come to its end, which is not counted. May be called again and again.
     *
     * @param cpuNanos of the threads of both ends; on a busy machine it takes longer to get it
     * @throws IOException if a connection fails, or something does not come to an end
     */
    Work work(long cpuNanos) throws IOException;

    /** Ends all connections and says what was counted altogether, and what of it is not as it should be. After the last work. */
    Outcome finish() throws IOException;

    @Override
    void close();
}
