package dev.jmtcp.bench.race;

/** A client whose requests keep to a schedule. */
public interface PacedClient extends Client {

    Schedule schedule();
}
