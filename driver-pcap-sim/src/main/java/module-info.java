/** The simulated driver: wire in memory, pcap replay and capture, virtual time, seeded faults. */
module dev.jmtcp.driver.sim {
    requires transitive dev.jmtcp.spi;
    requires static org.jspecify;
}
