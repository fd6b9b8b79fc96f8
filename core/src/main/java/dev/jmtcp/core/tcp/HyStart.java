package dev.jmtcp.core.tcp;

/**
 * HyStart++ (RFC 9406): ends the first slow start when round trips grow longer, before the queue that makes them longer overflows. Looks at one round, a
 * window of data, after the other. Part of {@link SentSegments}: what is known ends when nothing is in flight. Times are nanoseconds. Belongs to the
 * connection's thread; allocates nothing.
 */
final class HyStart {

    // RFC 9406 section 4.3
    private static final long MIN_RTT_THRESH = 4_000_000;
    private static final long MAX_RTT_THRESH = 16_000_000;
    private static final int MIN_RTT_DIVISOR = 8;
    private static final int N_RTT_SAMPLE = 8;
    private static final int CSS_GROWTH_DIVISOR = 4;
    private static final int CSS_ROUNDS = 5;

    /** By how many segments an ACK lets the window grow at most, where what is sent is not spread over time. */
    static final int L = 8;

    private static final long UNKNOWN = Long.MAX_VALUE;

    private long lastRoundMinRtt;
    private long currentRoundMinRtt;
    private long baselineMinRtt;
    private int samples;

    /** Bytes of this round that are not acknowledged. */
    private int left;

    /** Whether this is conservative slow start (CSS). */
    private boolean conservative;

    private int conservativeRounds;

    void reset() {
        lastRoundMinRtt = UNKNOWN;
        currentRoundMinRtt = UNKNOWN;
        samples = 0;
        left = 0;
        conservative = false;
        conservativeRounds = 0;
    }

    /**
     * New data has been acknowledged in slow start (section 4.2).
     *
     * @param rtt the round trip that the acknowledgement measures; 0 if none
     * @param flight what is in flight afterwards, in bytes
     * @return whether slow start is to end
     */
    boolean onAck(long rtt, int bytesAcked, int flight) {
        if (rtt > 0) {
            currentRoundMinRtt = Math.min(currentRoundMinRtt, rtt);
            samples++;
        }
        if (samples >= N_RTT_SAMPLE && lastRoundMinRtt != UNKNOWN) {
            look();
        }
        left -= bytesAcked;
        if (left > 0) {
            return false;
        }
        left = flight;
        lastRoundMinRtt = currentRoundMinRtt;
        currentRoundMinRtt = UNKNOWN;
        samples = 0;
        return conservative && ++conservativeRounds >= CSS_ROUNDS;
    }

    private void look() {
        if (conservative) {
            if (currentRoundMinRtt < baselineMinRtt) {
                conservative = false; // it was jitter
            }
            return;
        }
        long threshold = Math.clamp(lastRoundMinRtt / MIN_RTT_DIVISOR, MIN_RTT_THRESH, MAX_RTT_THRESH);
        if (currentRoundMinRtt >= lastRoundMinRtt + threshold) {
            conservative = true;
            conservativeRounds = 0;
            baselineMinRtt = currentRoundMinRtt;
        }
    }

    /** By how much slower the window grows now than in slow start. */
    int divisor() {
        return conservative ? CSS_GROWTH_DIVISOR : 1;
    }
}
