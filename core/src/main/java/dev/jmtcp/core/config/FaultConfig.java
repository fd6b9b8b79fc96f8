package dev.jmtcp.core.config;

import java.util.OptionalLong;

/**
 * The faults to inject between the stack and its driver, on frames sent and received alike. Times in nanoseconds; probabilities from 0 to 1, each
 * drawn for every frame.
 *
 * @param loss the probability that a frame is lost
 * @param duplicate the probability that a frame comes twice
 * @param reorder the probability that a frame is held back while those after it pass
 * @param reorderDelay how long such a frame is held back
 * @param corrupt the probability that one bit of an IPv4 packet is flipped
 * @param delay how long every frame takes longer
 * @param seed makes them the same every time
 */
public record FaultConfig(
        double loss,
        double duplicate,
        double reorder,
        long reorderDelay,
        double corrupt,
        long delay,
        OptionalLong seed) {

    /** No faults. */
    public static final FaultConfig NONE = new FaultConfig(0, 0, 0, 1_000_000, 0, 0, OptionalLong.empty());

    public FaultConfig {
        probability(loss);
        probability(duplicate);
        probability(reorder);
        probability(corrupt);
        if (reorderDelay < 0 || delay < 0) {
            throw new IllegalArgumentException("negative time");
        }
    }

    /** Whether frames pass as if there were nothing. */
    public boolean isNone() {
        return loss == 0 && duplicate == 0 && reorder == 0 && corrupt == 0 && delay == 0;
    }

    private static void probability(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("probability: " + value);
        }
    }
}
