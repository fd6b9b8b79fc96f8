/** The netmap driver: frames to and from network cards, VALE switches and pipes, in memory shared with netmap's kernel module. */
module dev.jmtcp.driver.netmap {
    requires transitive dev.jmtcp.spi;
    requires static transitive org.jspecify;

    exports dev.jmtcp.driver.netmap;

    provides dev.jmtcp.spi.PacketIoProvider with
            dev.jmtcp.driver.netmap.NetmapProvider;
}
