package dev.jmtcp.apps.demo;

import dev.jmtcp.apps.client.ClientCounters;

/** Who is shown how far a demo is. */
@FunctionalInterface
public interface DemoWatcher {

    /** Nobody. */
    DemoWatcher NONE = (_, _) -> {};

    /**
     * Called often, on the thread that runs the demo.
     *
     * @param now real time in nanoseconds, monotonic
     */
    void look(ClientCounters counters, long now);
}
