package dev.jmtcp.core.stack;

/** Whoever uses a stack from its own thread: gets its turn in each turn of the stack, after what has arrived and before what is sent. */
@FunctionalInterface
public interface StackClient {

    /**
     * Does what is due; must not block.
     *
     * @param now the time in nanoseconds
     * @return whether anything was done
     */
    boolean turn(long now);
}
