package dev.jmtcp.bench.race;

import java.io.IOException;

/** The end that has the work done. Belongs to the thread that it runs on. */
public interface Client {

    /** Begins, or goes on. */
    void go() throws IOException;

    /** Begins nothing more. */
    void pause();

    /** Whether nothing is under way. */
    boolean isQuiet();

    /** What was finished so far. */
    long units();

    /** Ends the connections that are left, gently; {@link #isQuiet} tells when they have ended. */
    void end() throws IOException;
}
