package dev.jmtcp.core.config;

/** Who may begin explicit congestion notification, RFC 3168. */
public enum EcnMode {
    /** Nobody. */
    OFF,
    /** The peer. */
    ACCEPT,
    /** Both. */
    ON
}
