package dev.jmtcp.driver.sim;

/**
 * What a port's way into the wire does to the frames sent on it. Times in nanoseconds; probabilities from 0 to 1, each drawn for every
 * frame.
 *
 * @param delay how long every frame takes
 * @param jitter the most that a frame takes longer, evenly spread from 0; frames do not overtake each other by it
 * @param bandwidth bits a second, preamble, FCS and gap (24 bytes a frame) included; 0 for no limit
 * @param queue how many frames may wait for the bandwidth; more are lost
 * @param loss the probability that a frame is lost
 * @param duplicate the probability that a frame arrives twice
 * @param reorder the probability that a frame is held back while those after it pass
 * @param reorderDelay how long such a frame is held back
 * @param corrupt the probability that one bit of a frame is flipped
 */
public record Impairments(
        long delay,
        long jitter,
        double bandwidth,
        int queue,
        double loss,
        double duplicate,
        double reorder,
        long reorderDelay,
        double corrupt) {

    static final double MAXIMUM_BANDWIDTH = 1e15;

    /** A perfect wire. */
    public static final Impairments NONE = new Impairments(0, 0, 0, 1000, 0, 0, 0, 1_000_000, 0);

    public Impairments {
        if (delay < 0 || jitter < 0 || reorderDelay < 0) {
            throw new IllegalArgumentException("negative time");
        }
        if (!(bandwidth >= 0) || bandwidth > MAXIMUM_BANDWIDTH) {
            throw new IllegalArgumentException("bandwidth: " + bandwidth);
        }
        if (queue < 1) {
            throw new IllegalArgumentException("queue: " + queue);
        }
        probability(loss);
        probability(duplicate);
        probability(reorder);
        probability(corrupt);
    }

    /** Whether frames pass as if there were nothing. */
    public boolean isNone() {
        return delay == 0
                && jitter == 0
                && bandwidth == 0
                && loss == 0
                && duplicate == 0
                && reorder == 0
                && corrupt == 0;
    }

    public Impairments withDelay(long nanos) {
        return new Impairments(nanos, jitter, bandwidth, queue, loss, duplicate, reorder, reorderDelay, corrupt);
    }

    public Impairments withJitter(long nanos) {
        return new Impairments(delay, nanos, bandwidth, queue, loss, duplicate, reorder, reorderDelay, corrupt);
    }

    /** The same with a bandwidth in bits a second and a queue of so many frames before it. */
    public Impairments withBandwidth(double bitsPerSecond, int frames) {
        return new Impairments(delay, jitter, bitsPerSecond, frames, loss, duplicate, reorder, reorderDelay, corrupt);
    }

    public Impairments withLoss(double probability) {
        return new Impairments(delay, jitter, bandwidth, queue, probability, duplicate, reorder, reorderDelay, corrupt);
    }

    public Impairments withDuplicate(double probability) {
        return new Impairments(delay, jitter, bandwidth, queue, loss, probability, reorder, reorderDelay, corrupt);
    }

    /** The same, with this probability that a frame is held back so long. */
    public Impairments withReorder(double probability, long nanos) {
        return new Impairments(delay, jitter, bandwidth, queue, loss, duplicate, probability, nanos, corrupt);
    }

    public Impairments withCorrupt(double probability) {
        return new Impairments(delay, jitter, bandwidth, queue, loss, duplicate, reorder, reorderDelay, probability);
    }

    /** How many frames can be under way or waiting at a time, for pools that are to hold them. */
    int framesUnderWay(int frameLength) {
        if (bandwidth == 0) {
            return delay + jitter == 0 ? 0 : 2048;
        }
        double frames = queue + bandwidth * (delay + jitter) / 1e9 / 8 / (frameLength + Link.OVERHEAD);
        return (int) Math.min(frames, 1 << 20);
    }

    private static void probability(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("probability: " + value);
        }
    }
}
