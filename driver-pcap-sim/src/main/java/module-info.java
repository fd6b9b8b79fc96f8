/** The simulated driver: wire in memory, pcap replay and capture, virtual time, seeded faults. */
module dev.jmtcp.driver.sim {
    requires transitive dev.jmtcp.spi;
    requires static transitive org.jspecify;

    exports dev.jmtcp.driver.sim;
}
