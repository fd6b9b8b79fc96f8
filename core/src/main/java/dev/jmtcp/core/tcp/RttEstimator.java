package dev.jmtcp.core.tcp;

/**
 * Computes the retransmission timeout from measured round-trip times (RFC 6298, RFC 7323 appendix G). Times are nanoseconds. Belongs to the
 * connection's thread; allocates nothing.
 */
public final class RttEstimator {

    private static final long SECOND = 1_000_000_000L;

    /** RFC 6298 section 5.7: what the timeout becomes when a SYN was lost. */
    private static final long AFTER_SYN_LOSS = 3 * SECOND;

    /** RFC 6298 section 2.3: alpha = 1/8, beta = 1/4, K = 4. */
    private static final int ALPHA_DIVISOR = 8;

    private static final int BETA_DIVISOR = 4;
    private static final int K = 4;

    private static final long SYN_LOST = -1;
    private static final int UNIT = 6;

    /**
     * The bounds of the timeout, shared by all connections.
     *
     * @param minRto the least timeout; RFC 6298 section 2.4 asks for 1 s, 200 ms is what Linux does
     * @param maxRto the greatest; RFC 6298 section 2.5 asks for at least 60 s
     * @param initialRto the timeout until a round-trip time has been measured; 1 s by RFC 6298 section 2.1
     * @param granularity of the clock that round-trip times are measured with, G in RFC 6298
     */
    public record Limits(long minRto, long maxRto, long initialRto, long granularity) {

        public static final Limits DEFAULT = new Limits(SECOND / 5, 60 * SECOND, SECOND, 1 << 16);

        public Limits {
            if (minRto < 1 || maxRto < minRto || maxRto > 120 * SECOND || granularity < 0) {
                throw new IllegalArgumentException(
                        "retransmission timeout of " + minRto + " to " + maxRto + " ns, granularity " + granularity);
            }
            if (initialRto < minRto || initialRto > maxRto) {
                throw new IllegalArgumentException(
                        "initial retransmission timeout " + initialRto + " ns, not in " + minRto + ".." + maxRto);
            }
        }
    }

    private final Limits limits;

    /** SRTT; 0 while nothing has been measured, {@link #SYN_LOST} while only a lost SYN is known of. */
    private long smoothedRtt;

    /** RTTVAR. */
    private long variation;

    private long minRtt;

    /** RTO, backed off, in units of 2^{@link #UNIT} ns: what 120 s are is an int, too. */
    private int rto;

    /** With the default limits. */
    public RttEstimator() {
        this(Limits.DEFAULT);
    }

    public RttEstimator(long minRto, long maxRto, long initialRto) {
        this(new Limits(minRto, maxRto, initialRto, Limits.DEFAULT.granularity));
    }

    public RttEstimator(Limits limits) {
        this.limits = limits;
        reset();
    }

    /** Forgets everything, for a new connection. */
    public void reset() {
        smoothedRtt = 0;
        variation = 0;
        minRtt = 0;
        clearBackOff();
    }

    /** Takes a round-trip time of a segment that was sent once (RFC 6298 section 3), the only one in this round trip. */
    public void sample(long rttNanos) {
        sample(rttNanos, 1);
    }

    /**
     * Takes a round-trip time; the timeout is computed anew, without back-off.
     *
     * @param rttNanos not negative; 0 counts as 1
     * @param samplesPerRtt how many samples are expected in this round trip: half the segments in flight, rounded up, when each acknowledgement
     *     gives one. Each then weighs less, so that the history is as long as with one (RFC 7323 appendix G).
     */
    public void sample(long rttNanos, int samplesPerRtt) {
        if (rttNanos < 0 || samplesPerRtt < 1) {
            throw new IllegalArgumentException(rttNanos + " ns, " + samplesPerRtt + " samples");
        }
        long rtt = Math.max(1, rttNanos);
        if (smoothedRtt <= 0) {
            // RFC 6298 section 2.2
            smoothedRtt = rtt;
            variation = rtt / 2;
            minRtt = rtt;
        } else {
            // RFC 6298 section 2.3: the variation first, with the old average
            long error = rtt - smoothedRtt;
            long deviation = Math.abs(error) - variation;
            if (samplesPerRtt == 1) { // apart, since a division by a constant costs much less
                variation += deviation / BETA_DIVISOR;
                smoothedRtt += error / ALPHA_DIVISOR;
            } else {
                variation += deviation / ((long) BETA_DIVISOR * samplesPerRtt);
                smoothedRtt += error / ((long) ALPHA_DIVISOR * samplesPerRtt);
            }
            minRtt = Math.min(minRtt, rtt);
        }
        clearBackOff();
    }

    /** The retransmission timeout, backed off as told. */
    public long rto() {
        return (long) rto << UNIT;
    }

    /** Doubles the timeout, up to the limit, because it has expired (RFC 6298 section 5.5). */
    public void backOff() {
        set(Math.min(2 * rto(), limits.maxRto));
    }

    /** Takes back all back-off: the timeout is what the measurements say. */
    public void clearBackOff() {
        set(
                smoothedRtt <= 0
                        ? initialRto()
                        : Math.clamp(
                                smoothedRtt + Math.max(limits.granularity, K * variation),
                                limits.minRto,
                                limits.maxRto));
    }

    /** Rounds up: never early. */
    private void set(long timeout) {
        rto = (int) (timeout + (1 << UNIT) - 1 >> UNIT);
    }

    /** The timeout to use while nothing has been measured. */
    private long initialRto() {
        return smoothedRtt == SYN_LOST
                ? Math.min(Math.max(limits.initialRto, AFTER_SYN_LOSS), limits.maxRto)
                : limits.initialRto;
    }

    /**
     * Tells that a SYN was not acknowledged in time. Unless a round-trip time is measured, the timeout for data will be at least 3 s, to be had by
     * {@link #clearBackOff} when the connection is established (RFC 6298 section 5.7).
     */
    public void synTimedOut() {
        if (smoothedRtt == 0) {
            smoothedRtt = SYN_LOST;
        }
    }

    /** SRTT; 0 if nothing has been measured yet. */
    public long smoothedRtt() {
        return Math.max(0, smoothedRtt);
    }

    /** RTTVAR. */
    public long variation() {
        return variation;
    }

    /** The least round-trip time measured; 0 if none has been. */
    public long minRtt() {
        return minRtt;
    }
}
