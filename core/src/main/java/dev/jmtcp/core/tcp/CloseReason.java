package dev.jmtcp.core.tcp;

/** How a connection ended (RFC 9293 section 3.9.1, MUST-12: the application can tell an abort from a normal close). */
public enum CloseReason {
    /** It has not ended. */
    NONE,
    /** Both sides closed. */
    NORMAL,
    /** The application aborted it. */
    ABORTED,
    /** The peer refused the connection. */
    REFUSED,
    /** The peer reset it. */
    RESET,
    /** The peer stopped answering. */
    TIMED_OUT,
    /** Nothing happened for the configured idle time. */
    IDLE,
    /** No route, or the neighbour does not answer. */
    HOST_UNREACHABLE,
    /** A router or the peer said by ICMP that the network cannot be reached. */
    NETWORK_UNREACHABLE,
    /** The peer's host does not speak TCP. */
    PROTOCOL_UNREACHABLE,
    /** The stack is shut down. */
    SHUT_DOWN
}
