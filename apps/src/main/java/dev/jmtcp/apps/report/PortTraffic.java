package dev.jmtcp.apps.report;

import dev.jmtcp.spi.PortStatistics;

/**
 * What one core has received and sent on a port since the start. Bytes are those on the wire: with preamble, FCS and gap.
 *
 * @param rxPackets frames received
 * @param rxErrors frames lost on the way in
 * @param rxBytes bytes of the frames received
 * @param txPackets frames sent
 * @param txBytes bytes of the frames sent
 */
public record PortTraffic(long rxPackets, long rxErrors, long rxBytes, long txPackets, long txBytes) {

    /** What a frame takes on the wire besides itself: 8 bytes of preamble, 4 of FCS, 12 of gap. mTCP counts them too. */
    public static final int FRAME_OVERHEAD = 24;

    /** Nothing. */
    public static final PortTraffic NONE = new PortTraffic(0, 0, 0, 0, 0);

    /**
     * What a driver counted on a port.
     *
     * @param rxErrors those of its drops that were on the way in
     */
    public static PortTraffic of(PortStatistics statistics, long rxErrors) {
        return new PortTraffic(
                statistics.rxPackets(),
                rxErrors,
                statistics.rxBytes() + FRAME_OVERHEAD * statistics.rxPackets(),
                statistics.txPackets(),
                statistics.txBytes() + FRAME_OVERHEAD * statistics.txPackets());
    }

    PortTraffic plus(PortTraffic other) {
        return new PortTraffic(
                rxPackets + other.rxPackets,
                rxErrors + other.rxErrors,
                rxBytes + other.rxBytes,
                txPackets + other.txPackets,
                txBytes + other.txBytes);
    }

    PortTraffic minus(PortTraffic other) {
        return new PortTraffic(
                rxPackets - other.rxPackets,
                rxErrors - other.rxErrors,
                rxBytes - other.rxBytes,
                txPackets - other.txPackets,
                txBytes - other.txBytes);
    }
}
