package dev.jmtcp.driver.sim;

import java.lang.foreign.Arena;

/** The memory of one port, given back once. */
final class PortMemory implements AutoCloseable {

    private final Arena arena = Arena.ofShared();

    Arena arena() {
        return arena;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
