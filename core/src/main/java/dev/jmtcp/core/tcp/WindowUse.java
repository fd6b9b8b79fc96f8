package dev.jmtcp.core.tcp;

/**
 * The most that was in flight during a round trip: it tells whether enough of the congestion window is used for it to grow. Part of {@link SentSegments};
 * belongs to the connection's thread; allocates nothing.
 */
final class WindowUse {

    private int most;

    /** The round trip ends when this is acknowledged. */
    private int end;

    void reset(int una) {
        most = 0;
        end = una;
    }

    /** New data has been sent. */
    void sent(int una, int nxt) {
        int flight = Seq.distance(nxt, una);
        if (flight > most || !Seq.lessThan(una, end)) {
            most = flight;
            end = nxt;
        }
    }

    /** Whether at least half of a window is used: RFC 7661 section 4.2 calls it validated. Slow start asks for no more, as in Linux. */
    boolean isHalfOf(int cwnd) {
        return cwnd < 2 * most;
    }
}
