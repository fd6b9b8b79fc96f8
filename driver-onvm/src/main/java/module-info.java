/** The openNetVM driver: the stack as a network function, over the shared memory of openNetVM's manager. */
@SuppressWarnings("module") // these modules need not be there
module dev.jmtcp.driver.onvm {
    requires dev.jmtcp.driver.dpdk;
    requires transitive dev.jmtcp.spi;
    requires static transitive org.jspecify;

    exports dev.jmtcp.driver.onvm;

    provides dev.jmtcp.spi.PacketIoProvider with
            dev.jmtcp.driver.onvm.OnvmProvider;
}
