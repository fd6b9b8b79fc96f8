package dev.jmtcp.apps.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** mTCP's lines of statistics, one a core and port and one a port for all cores. Belongs to one thread. */
public final class TrafficReport {

    private static final double SECOND = 1e9;

    private final List<String> ports;
    private final List<Boolean> printed;
    private Map<Integer, CoreTraffic> last = new HashMap<>();
    private long lastTime;

    /**
     * @param ports the names of the ports
     * @param printed the names of those to print
     * @param now the time in nanoseconds, monotonic
     */
    public TrafficReport(List<String> ports, List<String> printed, long now) {
        this.ports = List.copyOf(ports);
        this.printed = ports.stream().map(printed::contains).toList();
        lastTime = now;
    }

    /**
     * The lines for the time since the call before, or since the start.
     *
     * @param cores what each core has done since the start; a core that ended may be missing
     * @param now the time in nanoseconds, later than at the call before
     */
    public List<String> lines(List<CoreTraffic> cores, long now) {
        double seconds = (now - lastTime) / SECOND;
        List<String> lines = new ArrayList<>();
        Map<Integer, CoreTraffic> current = new HashMap<>();
        List<PortTraffic> sums = new ArrayList<>(java.util.Collections.nCopies(ports.size(), PortTraffic.NONE));
        int flows = 0;
        for (CoreTraffic core : cores) {
            current.put(core.cpu(), core);
            flows += core.flows();
            CoreTraffic before = last.get(core.cpu());
            for (int port = 0; port < ports.size(); port++) {
                PortTraffic difference = core.ports()
                        .get(port)
                        .minus(
                                before == null
                                        ? PortTraffic.NONE
                                        : before.ports().get(port));
                sums.set(port, sums.get(port).plus(difference));
                if (printed.get(port)) {
                    lines.add(String.format(Locale.ROOT, "[CPU%2d] ", core.cpu())
                            + rates(port, core.flows(), difference, seconds));
                }
            }
        }
        for (int port = 0; port < ports.size(); port++) {
            if (printed.get(port)) {
                lines.add("[ ALL ] " + rates(port, flows, sums.get(port), seconds));
            }
        }
        last = current;
        lastTime = now;
        return lines;
    }

    private String rates(int port, int flows, PortTraffic traffic, double seconds) {
        return String.format(
                Locale.ROOT,
                "%s flows: %6d, RX: %7d(pps) (err: %5d), %5.2f(Gbps), TX: %7d(pps), %5.2f(Gbps)",
                ports.get(port),
                flows,
                Math.round(traffic.rxPackets() / seconds),
                Math.round(traffic.rxErrors() / seconds),
                gigabits(traffic.rxBytes()) / seconds,
                Math.round(traffic.txPackets() / seconds),
                gigabits(traffic.txBytes()) / seconds);
    }

    private static double gigabits(long bytes) {
        return bytes * 8.0 / 1e9;
    }
}
