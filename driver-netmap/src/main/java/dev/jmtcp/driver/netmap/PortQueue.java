package dev.jmtcp.driver.netmap;

/** One core's rings of a port. */
record PortQueue(Descriptor descriptor, Incoming incoming, Outgoing outgoing) {}
