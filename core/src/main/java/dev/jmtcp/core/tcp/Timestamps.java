package dev.jmtcp.core.tcp;

/** The timestamp clock (RFC 7323 section 5.4): a millisecond a tick, with an offset of each connection's own. */
final class Timestamps {

    /** One tick in nanoseconds. */
    static final long TICK = 1_000_000;

    private Timestamps() {}

    /** TSval of a segment sent now. */
    static int value(Connection c, long now) {
        return (int) (now / TICK) + c.tsOffset;
    }
}
