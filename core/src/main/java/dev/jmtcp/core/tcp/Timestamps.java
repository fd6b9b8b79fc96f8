package dev.jmtcp.core.tcp;

/** The timestamp clock (RFC 7323 section 5.4): a millisecond a tick, with an offset of each connection's own. */
final class Timestamps {

    /** The age of TS.Recent counts in units of 2^30 ns, about a second. */
    private static final int RECENT_SHIFT = 30;

    /** 24 days, in these units. */
    private static final int RECENT_LIFE = (int) (24L * 86_400 * 1_000_000_000 >> RECENT_SHIFT);

    /** One tick in nanoseconds. */
    static final long TICK = 1_000_000;

    /** A round trip that seems to have taken longer has not been measured, but invented. */
    private static final int LONGEST = 300_000;

    private Timestamps() {}

    /** TSval of a segment sent now. */
    static int value(Connection c, long now) {
        return value(c.tsOffset, now);
    }

    /**
     * The round trip in nanoseconds that the echo in a segment measures (RFC 7323 section 4); 0 if it measures none. Of one below a tick nothing is known but
     * that: it counts as what it used to take, if that is less.
     */
    static long roundTrip(Connection c, Segment s, long now) {
        if (!c.timestampsOk || s.options.tsEcr == 0) {
            return 0;
        }
        int elapsed = value(c, now) - s.options.tsEcr;
        if (elapsed == 0) {
            long usual = c.rtt.smoothedRtt();
            return usual > 0 ? Math.min(usual, TICK) : TICK;
        }
        return elapsed > 0 && elapsed < LONGEST ? elapsed * TICK : 0;
    }

    /** Takes a timestamp for TS.Recent. */
    static void remember(Connection c, int value, long now) {
        c.tsRecent = value;
        c.tsRecentAt = (int) (now >> RECENT_SHIFT);
    }

    /** Whether TS.Recent is too old to be trusted (RFC 7323 section 5.5). */
    static boolean isRecentOutdated(Connection c, long now) {
        return (int) (now >> RECENT_SHIFT) - c.tsRecentAt >= RECENT_LIFE;
    }

    /** TSval of a segment sent now by a connection with an offset. */
    static int value(int offset, long now) {
        return (int) (now / TICK) + offset;
    }
}
