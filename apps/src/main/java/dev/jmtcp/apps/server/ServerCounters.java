package dev.jmtcp.apps.server;

import java.util.concurrent.atomic.LongAdder;

/** What the servers of all cores have done so far. For any thread; counting allocates nothing once warm. */
public final class ServerCounters {

    final LongAdder accepted = new LongAdder();
    final LongAdder answers = new LongAdder();
    final LongAdder broken = new LongAdder();
    final LongAdder cutOff = new LongAdder();

    public ServerCounters() {}

    /** Connections accepted. */
    public long accepted() {
        return accepted.sum();
    }

    /** Answers on connections that are over. */
    public long answers() {
        return answers.sum();
    }

    /** Connections that broke, or that their client ended in the middle of a request. */
    public long broken() {
        return broken.sum();
    }

    /** Connections that the server has reset because it was to end. */
    public long cutOff() {
        return cutOff.sum();
    }
}
