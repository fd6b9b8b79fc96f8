/** The simulated driver: wire in memory, pcap replay and capture, virtual time, seeded faults. */
module dev.jmtcp.driver.sim {
    requires dev.jmtcp.pcap;
    requires transitive dev.jmtcp.spi;
    requires static transitive org.jspecify;

    exports dev.jmtcp.driver.sim;

    provides dev.jmtcp.spi.PacketIoProvider with
            dev.jmtcp.driver.sim.PcapSimProvider;
}
