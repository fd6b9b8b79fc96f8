package dev.jmtcp.apps;

import dev.jmtcp.apps.report.CoreTraffic;
import dev.jmtcp.apps.report.PortTraffic;
import dev.jmtcp.apps.report.StartupReport;
import dev.jmtcp.apps.report.TrafficReport;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.Jmtcp;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** What a program that runs a stack prints of itself, as mTCP does: tables at the start, traffic every second. Belongs to one thread. */
final class StackScreen {

    private static final long SECOND = 1_000_000_000;

    private final Jmtcp jmtcp;
    private final PrintWriter err;
    private final List<Port> ports;
    private final List<String> printed;
    private final TrafficReport traffic;
    private long next;

    /** Prints the tables. */
    StackScreen(Jmtcp jmtcp, PrintWriter out, PrintWriter err) {
        this.jmtcp = jmtcp;
        this.err = err;
        JmtcpConfig config = jmtcp.config();
        ports = jmtcp.io().ports();
        printed =
                ports.stream().map(Port::name).filter(config::printsStatistics).toList();
        new StartupReport(config, ports, Runtime.getRuntime().availableProcessors())
                .lines()
                .forEach(out::println);
        out.flush();
        long now = System.nanoTime();
        traffic = new TrafficReport(ports.stream().map(Port::name).toList(), printed, now);
        next = now + SECOND;
    }

    /** Prints a line of its own; from any thread. */
    void note(String line) {
        err.println(line);
        err.flush();
    }

    /** How long it is to the next line, in nanoseconds. */
    long untilNext() {
        return next - System.nanoTime();
    }

    /** Prints what is due; whether a second is over. */
    boolean tick() {
        long now = System.nanoTime();
        if (now - next < 0) {
            return false;
        }
        next = Math.max(next + SECOND, now);
        if (!printed.isEmpty()) {
            traffic.lines(cores(), now).forEach(err::println);
            err.flush();
        }
        return true;
    }

    /** What each core has done; of several ports only what all cores have done together, since drivers count by port. */
    private List<CoreTraffic> cores() {
        List<PortStatistics> statistics =
                ports.stream().map(port -> jmtcp.io().statistics(port.index())).toList();
        List<CoreTraffic> cores = new ArrayList<>();
        for (int core = 0; core < jmtcp.cores(); core++) {
            Context context = jmtcp.context(core);
            if (context == null) {
                continue;
            }
            boolean first = cores.isEmpty();
            List<PortTraffic> each = new ArrayList<>();
            for (PortStatistics port : statistics) {
                long lost = first ? port.dropped() : 0;
                each.add(
                        ports.size() == 1
                                ? traffic(context.counters(), lost)
                                : first ? PortTraffic.of(port, lost) : PortTraffic.NONE);
            }
            cores.add(new CoreTraffic(core, context.connections(), each));
        }
        return cores;
    }

    private static PortTraffic traffic(Counters counters, long lost) {
        long received = counters.value(Counter.RX_FRAMES);
        long sent = counters.value(Counter.TX_FRAMES);
        return new PortTraffic(
                received,
                lost,
                counters.value(Counter.RX_BYTES) + PortTraffic.FRAME_OVERHEAD * received,
                sent,
                counters.value(Counter.TX_BYTES) + PortTraffic.FRAME_OVERHEAD * sent);
    }
}
