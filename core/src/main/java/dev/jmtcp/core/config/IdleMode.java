package dev.jmtcp.core.config;

/** What the thread of a stack does while there is nothing to do. */
public enum IdleMode {
    /** Looks again at once: the lowest latency, a whole CPU a core. */
    SPIN,
    /** Lets other threads run between two looks. */
    YIELD,
    /** Rests in the driver until a frame arrives or a timer is due. */
    PARK
}
