package dev.jmtcp.core.tcp;

import org.jspecify.annotations.Nullable;

/**
 * How much may be in flight: one object a connection holds the congestion window and changes it. This class has what all algorithms share (slow
 * start, timeout, restart after idleness); a subclass has its congestion avoidance. Windows are bytes, times nanoseconds. Belongs to the connection's
 * thread; allocates nothing.
 *
 * <p>During loss recovery the recovery code sets the window by {@link #setCwnd} and does not call {@link #onAck}.
 */
public abstract class CongestionControl {

    /** No window is larger: the largest that can be advertised (RFC 7323 section 2.3). */
    static final int MAX_WINDOW = 1 << 30;

    /** RFC 3465 section 2.2: the L that bounds growth by one acknowledgement in slow start, in segments. */
    static final int SLOW_START_LIMIT = 2;

    /** The congestion window. */
    int cwnd;

    /** The slow start threshold. */
    int ssthresh;

    /** The sender's maximum segment size. */
    int smss;

    /** The window a connection begins with, and restarts with after idleness. */
    private int initialWindow;

    /** The last congestion event. Most connections never have one: null until the first. */
    private @Nullable Event event;

    private static final class Event {
        /** The window before it; 0 if there is nothing to undo. */
        private int cwnd;

        private int ssthresh;

        /** Whether the timer has expired and no new data has been acknowledged since. */
        private boolean timedOut;

        /** Whether this is the slow start after a timeout. */
        private boolean restarting;

        private void forget() {
            cwnd = 0;
            ssthresh = 0;
            timedOut = false;
            restarting = false;
        }
    }

    private Event event() {
        Event last = event;
        if (last == null) {
            last = new Event();
            event = last;
        }
        return last;
    }

    /** The window that a connection may begin with (RFC 6928 section 2). */
    public static int initialWindow(int smss) {
        return Math.min(10 * smss, Math.max(2 * smss, 14600));
    }

    /** The name in the configuration. */
    public abstract String name();

    /** Congestion avoidance: new data was acknowledged while the window was in full use and not below the threshold. */
    abstract void avoidCongestion(int bytesAcked, long srtt, long now);

    /** An acknowledgement came while the window was not in full use. */
    void onUnusedWindow(long now) {}

    /** The threshold after a congestion event, without regard to its minimum; the window still is what it was before. */
    abstract int reduced(int flightSize, boolean timeout);

    /** Keeps what {@link #restore} brings back. */
    void save() {}

    /** Brings back what the algorithm had before the last congestion event. */
    void restore() {}

    /** Slow start begins, or segments have another size: congestion avoidance will start anew. */
    void restartAvoidance() {}

    /** Begins a connection. */
    public void reset(int smss, int initialWindow) {
        this.smss = smss;
        this.initialWindow = initialWindow;
        cwnd = bounded(initialWindow);
        ssthresh = MAX_WINDOW; // RFC 5681 section 3.1: arbitrarily high
        if (event != null) {
            event.forget();
        }
    }

    /** Goes on for a connection where another algorithm has stopped: with its windows; what it had remembered for {@link #undo} is gone. */
    public final void takeOver(CongestionControl other) {
        reset(other.smss, other.initialWindow);
        cwnd = other.cwnd;
        ssthresh = other.ssthresh;
        if (other.event != null) {
            event().timedOut = other.event.timedOut;
            event().restarting = other.event.restarting;
        }
    }

    /** The congestion window. */
    public final int cwnd() {
        return cwnd;
    }

    /** The slow start threshold. */
    public final int ssthresh() {
        return ssthresh;
    }

    /** Whether the window grows exponentially. */
    public final boolean inSlowStart() {
        return cwnd < ssthresh;
    }

    /** Whether the window grows exponentially and nothing has ever limited it. */
    final boolean inFirstSlowStart() {
        return ssthresh == MAX_WINDOW && cwnd < ssthresh;
    }

    /** Slow start has gone far enough: congestion avoidance goes on from here. */
    final void endSlowStart() {
        ssthresh = cwnd;
    }

    /** Sets the window during loss recovery; kept between one segment and 2^30. */
    public final void setCwnd(int bytes) {
        cwnd = bounded(bytes);
    }

    /**
     * New data was acknowledged outside loss recovery.
     *
     * @param bytesAcked how much
     * @param srtt the smoothed round-trip time; 0 if unknown
     * @param minRtt the least round-trip time; 0 if unknown
     * @param cwndLimited whether the congestion window, not the application or the receiver, limited what was in flight
     */
    public void onAck(int bytesAcked, long srtt, long minRtt, long now, boolean cwndLimited) {
        onAck(bytesAcked, SLOW_START_LIMIT * smss, srtt, minRtt, now, cwndLimited);
    }

    /** The same, where slow start may grow the window by another number of bytes at most. */
    void onAck(int bytesAcked, int most, long srtt, long minRtt, long now, boolean cwndLimited) {
        if (event != null) {
            event.timedOut = false;
        }
        if (!cwndLimited) {
            onUnusedWindow(now); // what was not used says nothing of the network (RFC 7661, RFC 9438 section 5.8)
            return;
        }
        int left = cwnd < ssthresh ? slowStart(bytesAcked, most) : bytesAcked;
        if (left > 0) {
            if (event != null) {
                event.restarting = false;
            }
            avoidCongestion(left, srtt, now);
        }
    }

    /**
     * Loss was found by acknowledgements, or the network signals congestion: sets the threshold. The window is left to the recovery code, until
     * {@link #onRecovered}.
     *
     * @param flightSize sent and not acknowledged
     */
    public void onCongestion(int flightSize, long now) {
        remember().restarting = false;
        // RFC 5681 section 3.1 equation 4: at least two segments
        ssthresh = bounded(Math.max(reduced(flightSize, false), 2 * smss));
    }

    /** Loss recovery has ended. */
    public void onRecovered() {
        cwnd = bounded(ssthresh);
    }

    /** The retransmission timer has expired: the window becomes one segment (RFC 5681 section 3.1). */
    public void onTimeout(int flightSize, long now) {
        Event last = event();
        if (!last.timedOut) { // RFC 5681 section 3.1: the threshold stays when the same data is lost again
            remember();
            ssthresh = bounded(Math.max(reduced(flightSize, true), 2 * smss));
        }
        cwnd = smss;
        last.timedOut = true;
        last.restarting = true;
        restartAvoidance();
    }

    /**
     * Nothing has been sent for a while, and something is about to be: after more than a timeout the window is no larger than at the beginning (RFC
     * 5681 section 4.1).
     */
    public void onIdle(long idle, long rto) {
        if (idle > rto && cwnd > initialWindow) {
            cwnd = bounded(initialWindow);
            restartAvoidance();
        }
    }

    /** The last congestion event was none: what it changed is taken back, unless the window has grown beyond (RFC 4015, RFC 9438 section 4.9.2). */
    public void undo() {
        Event last = event;
        if (last == null || last.cwnd == 0) {
            return;
        }
        if (cwnd < last.cwnd) {
            cwnd = last.cwnd;
            ssthresh = Math.max(ssthresh, last.ssthresh);
            restore();
        }
        last.cwnd = 0;
        last.timedOut = false;
        last.restarting = false;
    }

    /**
     * The last timeout was spurious (RFC 4015 section 3.2, steps 7 and 8): the threshold is what the window was, and the window is no larger than what is in
     * flight and a first burst, so that slow start leads back without one.
     *
     * @param flightSize in flight after the acknowledgement that tells
     */
    public void undoTimeout(int flightSize, int bytesAcked) {
        int before = event == null ? cwnd : Math.max(event.cwnd, cwnd);
        int now = cwnd;
        undo();
        ssthresh = Math.max(ssthresh, before);
        cwnd = bounded(Math.clamp(flightSize + Math.min(bytesAcked, initialWindow), now, before));
    }

    /** Segments have another size from now on: with smaller ones the window shrinks in proportion (RFC 5681 section 3.1). */
    public void onMssChange(int smss) {
        if (smss < this.smss) {
            cwnd = (int) ((long) cwnd * smss / this.smss);
        }
        initialWindow = (int) ((long) initialWindow * smss / this.smss);
        this.smss = smss;
        cwnd = bounded(cwnd);
        ssthresh = Math.max(ssthresh, 2 * smss);
        restartAvoidance();
    }

    /** Grows the window by what was acknowledged, up to the threshold; tells what is left for congestion avoidance. */
    private int slowStart(int bytesAcked, int limit) {
        // RFC 3465 section 2.3: one segment at most after a timeout, when acknowledgements may cover what was received
        // long ago
        int most = event != null && event.restarting ? smss : limit;
        int growth = Math.min(bytesAcked, most);
        int used = Math.min(growth, ssthresh - cwnd);
        cwnd = bounded(cwnd + used);
        return growth - used;
    }

    private Event remember() {
        Event last = event();
        last.cwnd = cwnd;
        last.ssthresh = ssthresh;
        save();
        return last;
    }

    final int bounded(int window) {
        return Math.clamp(window, smss, MAX_WINDOW);
    }
}
