/** Simulated wire, pcap replay and capture, virtual time, seeded faults. */
@NullMarked
package dev.jmtcp.driver.sim;

import org.jspecify.annotations.NullMarked;
