package dev.jmtcp.core.config;

/** When SYNs are answered by cookies, RFC 4987 section 3.6. */
public enum SynCookieMode {
    /** Never. */
    OFF,
    /** While a listener has as many handshakes under way as it may. */
    ON,
    /** Always. */
    ALWAYS
}
