package dev.jmtcp.apps.report;

import java.util.List;

/**
 * What one core has done since the start.
 *
 * @param cpu its number
 * @param flows the connections it has now
 * @param ports its traffic by port
 */
public record CoreTraffic(int cpu, int flows, List<PortTraffic> ports) {

    public CoreTraffic {
        ports = List.copyOf(ports);
    }
}
