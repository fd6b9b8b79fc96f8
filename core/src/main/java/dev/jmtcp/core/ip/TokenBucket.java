package dev.jmtcp.core.ip;

/** A rate limit: so many a second in the long run, so many at once. */
final class TokenBucket {

    private static final long SECOND = 1_000_000_000;

    private final long cost;
    private final long depth;
    private long filled;
    private long time;

    /**
     * @param rate tokens a second
     * @param burst tokens when full, as it is at first
     */
    TokenBucket(int rate, int burst) {
        cost = Math.max(1, SECOND / rate);
        depth = cost * burst;
        filled = depth;
    }

    /**
     * Takes a token.
     *
     * @param now the time in nanoseconds
     * @return whether there was one
     */
    boolean take(long now) {
        long passed = now - time;
        time = now;
        filled = passed < 0 || passed >= depth ? depth : Math.min(depth, filled + passed);
        if (filled < cost) {
            return false;
        }
        filled -= cost;
        return true;
    }
}
