package dev.jmtcp.core.tcp;

/** The standard congestion control: one more segment each round trip, half the window after a loss (RFC 5681, counting bytes as in RFC 3465). */
public final class NewReno extends CongestionControl {

    static final String NAME = "newreno";

    /** Bytes acknowledged since the window grew last, in congestion avoidance. */
    private int acked;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void reset(int smss, int initialWindow) {
        super.reset(smss, initialWindow);
        acked = 0;
    }

    @Override
    void avoidCongestion(int bytesAcked, long srtt, long now) {
        // RFC 3465 section 2.1: a segment for each window acknowledged
        acked += Math.min(bytesAcked, cwnd);
        if (acked >= cwnd) {
            acked -= cwnd;
            cwnd = bounded(cwnd + smss);
        }
    }

    @Override
    int reduced(int flightSize, boolean timeout) {
        acked = 0;
        return flightSize / 2;
    }
}
