package dev.jmtcp.apps.client;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What the clients of all cores have done so far. For any thread; counting allocates nothing once warm. */
public final class ClientCounters {

    final LongAdder connects = new LongAdder();
    final LongAdder reads = new LongAdder();
    final LongAdder writes = new LongAdder();
    final LongAdder completes = new LongAdder();
    final LongAdder errors = new LongAdder();
    final LongAdder incompletes = new LongAdder();
    final LongAdder wrong = new LongAdder();
    final LongAdder responseNanos = new LongAdder();
    final LongAccumulator longest = new LongAccumulator(Math::max, 0);

    public ClientCounters() {}

    /** Connections begun. */
    public long connects() {
        return connects.sum();
    }

    /** Bytes received, heads of responses included. */
    public long reads() {
        return reads.sum();
    }

    /** Bytes of requests sent. */
    public long writes() {
        return writes.sum();
    }

    /** Responses received whole. */
    public long completes() {
        return completes.sum();
    }

    /** Connections that failed, and responses that are none or tell of a failure. */
    public long errors() {
        return errors.sum();
    }

    /** Responses whose connection ended before they did. */
    public long incompletes() {
        return incompletes.sum();
    }

    /** Of the complete responses those with another content than they ought to have. */
    public long wrong() {
        return wrong.sum();
    }

    /** The time in nanoseconds from request to the end of the response, of all complete ones together. */
    public long responseNanos() {
        return responseNanos.sum();
    }

    /** The longest such time since the last call, in nanoseconds. */
    public long takeLongest() {
        return longest.getThenReset();
    }
}
