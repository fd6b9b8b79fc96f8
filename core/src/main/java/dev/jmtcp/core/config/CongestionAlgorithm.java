package dev.jmtcp.core.config;

/** How a connection chooses its congestion window. */
public enum CongestionAlgorithm {
    /** CUBIC, RFC 9438. */
    CUBIC,
    /** Reno with NewReno's recovery, RFC 5681 and RFC 6582. */
    NEWRENO
}
