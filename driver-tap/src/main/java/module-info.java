/** The TAP driver: frames to and from the kernel of this Linux machine, by its TAP interfaces. */
module dev.jmtcp.driver.tap {
    requires transitive dev.jmtcp.spi;
    requires static transitive org.jspecify;

    exports dev.jmtcp.driver.tap;

    provides dev.jmtcp.spi.PacketIoProvider with
            dev.jmtcp.driver.tap.TapProvider;
}
