package dev.jmtcp.core.tcp;

/** Why a connection cannot even be tried. */
public final class ConnectFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The reasons. */
    public enum Reason {
        /** No route to the remote address. */
        NO_ROUTE,
        /** The remote address is not that of one host (RFC 9293 section 3.9.2.3, MUST-46). */
        BAD_REMOTE_ADDRESS,
        /** The local address is not one of this stack's. */
        BAD_LOCAL_ADDRESS,
        /** A connection with these addresses and ports exists. */
        IN_USE,
        /** No free local port is left. */
        NO_PORT,
        /** Segments of this connection would arrive on another core's queue. */
        OTHER_CORE,
        /** The stack has as many connections as its settings allow. */
        TOO_MANY
    }

    private final Reason reason;

    ConnectFailure(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
