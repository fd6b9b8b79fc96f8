package dev.jmtcp.apps.demo;

import dev.jmtcp.apps.client.ClientCounters;
import dev.jmtcp.apps.server.ServerCounters;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.spi.PortStatistics;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What a demo has done.
 *
 * @param plan what it was to do
 * @param fetched what the client has counted
 * @param served what the server has counted
 * @param client the client's side
 * @param server the server's side
 * @param times from request to the end of the response, in nanoseconds of the network's time
 * @param problems what the client was told of, and what went wrong elsewhere
 * @param realNanos how long it took in real time
 * @param networkNanos how long it took in the network's time
 * @param capture what was recorded; empty if nothing was
 */
public record DemoResult(
        DemoPlan plan,
        ClientCounters fetched,
        ServerCounters served,
        Side client,
        Side server,
        Histogram times,
        List<String> problems,
        long realNanos,
        long networkNanos,
        String capture) {

    /**
     * One of the two hosts.
     *
     * @param name what it is
     * @param counters what its stack has counted
     * @param port what its port has counted
     * @param left the connections it had in the end
     */
    public record Side(String name, Counters counters, PortStatistics port, int left) {

        long value(Counter counter) {
            return counters.value(counter);
        }

        /**
         * Each connection counts as closed at most once, and only if both FINs were exchanged. Resets alone say nothing: a segment that arrives twice, or
         * late, is answered by one when its connection is over (RFC 9293 section 3.10.7.1).
         */
        private void check(int connections, List<String> failures) {
            expect(Counter.TCP_ESTABLISHED, connections, failures);
            expect(Counter.TCP_CLOSED, connections, failures);
            expect(Counter.TCP_TIMED_OUT, 0, failures);
            expect(Counter.TCP_CONNECT_FAILED, 0, failures);
            if (left != 0) {
                failures.add(name + ": " + left + " connections left");
            }
        }

        private void expect(Counter counter, long wanted, List<String> failures) {
            if (value(counter) != wanted) {
                failures.add(name + ": " + counter.description() + ": " + value(counter) + ", should be " + wanted);
            }
        }
    }

    /** Everything that is not as it should be: empty if each byte was right and each connection closed in order on both sides. */
    public List<String> failures() {
        List<String> failures = new ArrayList<>(problems);
        expect("responses complete", fetched.completes(), plan.connections(), failures);
        expect("responses with a wrong byte", fetched.wrong(), 0, failures);
        expect("connections failed", fetched.errors(), 0, failures);
        expect("responses incomplete", fetched.incompletes(), 0, failures);
        expect("requests answered", served.answers(), plan.connections(), failures);
        expect("connections broken on the server", served.broken(), 0, failures);
        client.check(plan.connections(), failures);
        server.check(plan.connections(), failures);
        return failures;
    }

    private static void expect(String what, long count, long wanted, List<String> failures) {
        if (count != wanted) {
            failures.add(what + ": " + count + ", should be " + wanted);
        }
    }
}
