/** The openNetVM driver: the stack as a network function, over the shared memory of openNetVM's manager. */
module dev.jmtcp.driver.onvm {
    requires dev.jmtcp.driver.dpdk;
    requires transitive dev.jmtcp.spi;
    requires static transitive org.jspecify;
}
