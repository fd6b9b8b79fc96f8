package dev.jmtcp.core.tcp;

/** One TCP connection. */
public final class Connection {}
