/** The psio driver: frames from and to the PacketShader I/O engine, the kernel module that mTCP began with. */
module dev.jmtcp.driver.psio {
    requires transitive dev.jmtcp.spi;
    requires static transitive org.jspecify;

    exports dev.jmtcp.driver.psio;

    provides dev.jmtcp.spi.PacketIoProvider with
            dev.jmtcp.driver.psio.PsioProvider;
}
