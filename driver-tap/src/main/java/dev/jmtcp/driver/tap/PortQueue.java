package dev.jmtcp.driver.tap;

/** One core's queue of a port. */
record PortQueue(int fd, Incoming incoming, Outgoing outgoing) {}
