/** The DPDK driver: ports of DPDK's poll mode drivers, called by foreign functions. */
@SuppressWarnings("module") // these modules need not be there
module dev.jmtcp.driver.dpdk {
    requires transitive dev.jmtcp.spi;
    requires static transitive org.jspecify;

    exports dev.jmtcp.driver.dpdk;
    exports dev.jmtcp.driver.dpdk.bindings to
            dev.jmtcp.bench,
            dev.jmtcp.driver.onvm;

    provides dev.jmtcp.spi.PacketIoProvider with
            dev.jmtcp.driver.dpdk.DpdkProvider;
}
