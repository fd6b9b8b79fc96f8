package dev.jmtcp.driver.psio;

/** One core's part of a port. */
record PortQueue(int ifindex, Incoming incoming, Outgoing outgoing) {}
