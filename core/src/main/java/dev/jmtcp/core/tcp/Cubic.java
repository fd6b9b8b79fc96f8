package dev.jmtcp.core.tcp;

import org.jspecify.annotations.Nullable;

/**
 * CUBIC (RFC 9438): after a loss the window returns to where the loss happened along a cubic function of time, slowly near that point, and then looks
 * beyond it; where standard congestion control would have the larger window, it has that.
 *
 * <p>W_max, cwnd_prior and W_est are bytes here, W_cubic in the RFC is segments.
 */
public final class Cubic extends CongestionControl {

    static final String NAME = "cubic";

    /** RFC 9438 section 4.6. */
    private static final double BETA = 0.7;

    /** RFC 9438 section 5.1, in segments per cubic second. */
    private static final double C = 0.4;

    /** RFC 9438 section 4.3: with this increase per round trip the average window is that of standard congestion control. */
    private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

    private static final double SECONDS = 1e-9;

    /** What congestion avoidance goes by. Most connections never leave slow start: null until the first stage of it or the first congestion event. */
    private @Nullable Curve curve;

    private static final class Curve {
        /** The window before the last reduction, made smaller by fast convergence; 0 if undefined. */
        private int wMax;

        /** The window when the threshold was set last. */
        private int cwndPrior;

        /** Whether a stage of congestion avoidance is under way. */
        private boolean avoiding;

        /** Whether W_max and K are to start from the window at the beginning of the next stage. */
        private boolean fresh = true;

        /** The window that standard congestion control would have. */
        private double wEst;

        /** When W_cubic reaches W_max, in seconds of {@link #elapsed}. */
        private double k;

        /** t: how long this stage has lasted, without the time in which the window was not in full use. */
        private long elapsed;

        /** When the last acknowledgement came. */
        private long lastAck;

        /** The part of a byte that the window should be larger. */
        private double fraction;

        /** What there was before the last congestion event; null until the first. */
        private @Nullable Curve before;

        private void reset() {
            wMax = 0;
            cwndPrior = 0;
            avoiding = false;
            fresh = true;
        }

        /** Takes what a congestion event changes. */
        private void copy(Curve other) {
            wMax = other.wMax;
            cwndPrior = other.cwndPrior;
            avoiding = other.avoiding;
            fresh = other.fresh;
            wEst = other.wEst;
            k = other.k;
            elapsed = other.elapsed;
        }
    }

    private Curve curve() {
        Curve at = curve;
        if (at == null) {
            at = new Curve();
            curve = at;
        }
        return at;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void reset(int smss, int initialWindow) {
        super.reset(smss, initialWindow);
        if (curve != null) {
            curve.reset();
        }
    }

    @Override
    void avoidCongestion(int bytesAcked, long srtt, long now) {
        Curve at = curve();
        if (at.avoiding) {
            // RFC 9438 section 4.2: t must not include idle time. Acknowledgements that follow each other in a used
            // window come within a round trip
            // or little more.
            long gap = now - at.lastAck;
            at.elapsed += srtt > 0 ? Math.min(gap, 2 * srtt) : gap;
        } else {
            begin(at);
        }
        at.lastAck = now;

        // RFC 9438 section 4.3, figure 4
        double alpha = at.wEst >= at.cwndPrior ? 1 : ALPHA;
        at.wEst = Math.min(at.wEst + alpha * bytesAcked * smss / cwnd, MAX_WINDOW);
        if (wCubic(at, at.elapsed) < at.wEst) {
            if (at.wEst > cwnd) {
                cwnd = bounded((int) at.wEst);
                at.fraction = 0;
            }
            return;
        }
        // RFC 9438 sections 4.4 and 4.5. They grow the window once for each acknowledgement; here, as in erratum 9186
        // and Linux, it grows for each
        // segment acknowledged, so that it does not matter how many an acknowledgement covers.
        double target = Math.clamp(wCubic(at, at.elapsed + srtt), cwnd, 1.5 * cwnd);
        double growth = (target - cwnd) * Math.min(bytesAcked, cwnd) / cwnd + at.fraction;
        int whole = (int) growth;
        at.fraction = growth - whole;
        cwnd = bounded(cwnd + whole);
    }

    @Override
    void onUnusedWindow(long now) {
        Curve at = curve;
        if (at != null) {
            at.lastAck = now; // RFC 9438 section 5.8: this time does not count
        }
    }

    @Override
    int reduced(int flightSize, boolean timeout) {
        // RFC 9438 section 4.7: fast convergence; W_max decides before it is set
        Curve at = curve();
        at.wMax = cwnd < at.wMax ? (int) (cwnd * ((1 + BETA) / 2)) : cwnd;
        at.cwndPrior = cwnd;
        at.avoiding = false;
        at.fresh = timeout; // RFC 9438 section 4.8
        return (int) (flightSize * BETA);
    }

    @Override
    void restartAvoidance() {
        if (curve != null) {
            curve.avoiding = false;
        }
    }

    @Override
    void save() {
        Curve at = curve();
        if (at.before == null) {
            at.before = new Curve();
        }
        at.before.copy(at);
    }

    @Override
    void restore() {
        if (curve != null && curve.before != null) {
            curve.copy(curve.before);
        }
    }

    private void begin(Curve at) {
        if (at.wMax == 0) {
            at.cwndPrior = cwnd; // RFC 9438 section 4.10: slow start ended without a loss
        }
        if (at.fresh || at.wMax <= cwnd) {
            // RFC 9438 sections 4.8 and 4.10; and when the window is beyond W_max already, where K would be negative,
            // as in Linux
            at.wMax = cwnd;
            at.k = 0;
        } else {
            at.k = Math.cbrt((double) (at.wMax - cwnd) / smss / C); // RFC 9438 section 4.2, figure 2
        }
        at.fresh = false;
        at.wEst = cwnd;
        at.elapsed = 0;
        at.fraction = 0;
        at.avoiding = true;
    }

    /** RFC 9438 section 4.2, figure 1, in bytes. */
    private double wCubic(Curve at, long nanos) {
        double t = nanos * SECONDS - at.k;
        return C * t * t * t * smss + at.wMax;
    }
}
