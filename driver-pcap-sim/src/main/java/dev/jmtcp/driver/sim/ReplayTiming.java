package dev.jmtcp.driver.sim;

/** When the frames of a replayed file arrive. */
enum ReplayTiming {
    /** As far apart as they were captured, on the port's clock. */
    ORIGINAL,
    /** As fast as they are received. */
    FAST,
    /** As far apart as they were captured, on a virtual clock that jumps to the next frame where a thread would rest. */
    VIRTUAL
}
