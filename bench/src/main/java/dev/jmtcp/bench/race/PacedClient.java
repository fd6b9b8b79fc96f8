package dev.jmtcp.bench.race;

/** A client whose requests keep to a schedule. */
public interface PacedClient extends Client {

    Schedule schedule();

    @Override
    default void go() {
        schedule().start(System.nanoTime());
    }

    @Override
    default void pause() {
        schedule().stop(System.nanoTime());
    }
}
