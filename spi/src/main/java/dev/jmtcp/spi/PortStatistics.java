package dev.jmtcp.spi;

import java.util.Map;
import java.util.TreeMap;

/**
 * Counters of a port since it was opened. Bytes are frame bytes from the Ethernet header on, without preamble, FCS and gap.
 *
 * <p>They add up: every frame committed is in time either in {@code txPackets} or in one of {@code drops}; every frame that the
 * device took from the wire is either in {@code rxPackets} or in one of {@code drops}.
 *
 * @param rxPackets frames handed to the stack
 * @param rxBytes their bytes
 * @param txPackets frames handed to the device
 * @param txBytes their bytes
 * @param drops frames lost, by reason, in the driver's own words, e.g. {@code "rx ring full"}; sorted, without zeroes
 */
public record PortStatistics(long rxPackets, long rxBytes, long txPackets, long txBytes, Map<String, Long> drops) {

    public static final PortStatistics ZERO = new PortStatistics(0, 0, 0, 0, Map.of());

    public PortStatistics {
        var sorted = new TreeMap<String, Long>();
        drops.forEach((reason, count) -> {
            if (count != 0) {
                sorted.put(reason, count);
            }
        });
        drops = java.util.Collections.unmodifiableMap(sorted);
    }

    /** All frames lost, whatever the reason. */
    public long dropped() {
        return drops.values().stream().mapToLong(Long::longValue).sum();
    }
}
