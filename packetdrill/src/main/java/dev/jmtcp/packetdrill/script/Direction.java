package dev.jmtcp.packetdrill.script;

/** Who sends a packet. */
public enum Direction {
    /** The script, to the stack: {@code <}. */
    INBOUND,
    /** The stack: {@code >}. */
    OUTBOUND
}
