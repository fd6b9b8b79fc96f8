package dev.jmtcp.spi;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a port can do.
 *
 * @param offloads the work that the device takes off the stack
 * @param maxQueues the most queues that this port can have, at least 1
 * @param maxTsoFrame the longest frame in bytes that may be committed with {@link TxOffload#TCP_SEGMENTATION}; 0 without it
 * @param rss how flows are spread over the queues; present exactly if {@link Offload#RSS} is listed
 */
public record Capabilities(Set<Offload> offloads, int maxQueues, int maxTsoFrame, Optional<Rss> rss) {

    /** A device that does nothing for the stack and has one queue. */
    public static final Capabilities NONE = new Capabilities(Set.of(), 1, 0, Optional.empty());

    public Capabilities {
        offloads = offloads.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(offloads));
        if (maxQueues < 1) {
            throw new IllegalArgumentException("queues: " + maxQueues);
        }
        if (offloads.contains(Offload.RSS) != rss.isPresent()) {
            throw new IllegalArgumentException("RSS is listed exactly if its parameters are given");
        }
        if (offloads.contains(Offload.TCP_SEGMENTATION) != maxTsoFrame > 0) {
            throw new IllegalArgumentException("TCP segmentation is listed exactly if its longest frame is given");
        }
    }

    /** Whether the device does this. */
    public boolean has(Offload offload) {
        return offloads.contains(offload);
    }
}
