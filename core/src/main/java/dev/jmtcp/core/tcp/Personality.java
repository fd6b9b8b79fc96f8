package dev.jmtcp.core.tcp;

/** The habits of a system where the RFCs leave a choice, so that scripts and captures of that system fit. */
public enum Personality {

    /** What the RFCs recommend, options in Linux's order. */
    PLAIN,

    /**
     * Linux: the first data is acknowledged at once; Nagle's algorithm as Minshall changed it; a frame that the device cuts into segments is
     * pushed, and is as large as Linux would make it; what is sent again is pushed where it was; a loss reduces the window, not what is in flight; the
     * least timeout counts from the round trip on; after shutdown(SHUT_RD) data is still read; an ACK of the future is not answered.
     */
    LINUX,

    /**
     * FreeBSD: its order of options; a receive buffer of whole segments, whose free part is always offered and is the window; timeouts a little longer; ACKs
     * repeat a FIN in flight; ICMP that prohibits refuses a connection; the second SYN asks for congestion notification, too.
     */
    BSD;

    /** The round trips and the rate by which Linux chooses the size of frames that the device cuts: its tcp_tso_autosize. */
    private static final int LARGEST_BURST = 1 << 16;

    private static final long BURST_TIME = 976_563; // 1/1024 s
    private static final int BURST_RTT_SHIFT = 19; // 2^9 µs, about

    /** How many ACKs are not delayed when data begins to come: Linux's TCP_MAX_QUICKACKS. */
    static final int QUICK_ACKS = 16;

    /** After so many answers in time the connection is one of question and answer, and its ACKs wait for them: Linux's TCP_PINGPONG_THRESH. */
    static final int DIALOGUE = 3;

    /** What FreeBSD adds to each retransmission timeout, in nanoseconds. */
    static final long SLOP = 200_000_000;

    /**
     * The largest frame that Linux has the device cut, in bytes: at most half of the congestion window, and about what leaves in a millisecond at the pace
     * of the window, twice it in early slow start; more on short paths.
     */
    static int burst(Connection c, int mss) {
        CongestionControl congestion = c.congestion;
        long bytes = LARGEST_BURST;
        long rtt = c.rtt.smoothedRtt();
        if (rtt > 0) {
            long window = (long) Math.max(congestion.cwnd(), c.flight())
                    * (congestion.cwnd() < congestion.ssthresh() / 2 ? 20 : 12)
                    / 10;
            long shift = c.rtt.minRtt() >> BURST_RTT_SHIFT;
            bytes = window * BURST_TIME / rtt + (shift < 31 ? LARGEST_BURST >> shift : 0);
        }
        long segments = Math.max(Math.min(bytes, LARGEST_BURST) / mss, c.tcp.settings.leastBurst());
        return (int) Math.min(segments, Math.max(congestion.cwnd() / mss / 2, 1)) * mss;
    }
}
