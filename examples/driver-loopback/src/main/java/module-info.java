/** The smallest packet I/O driver, to start a new one from. */
module dev.jmtcp.example.loopback {
    requires dev.jmtcp.spi;
    requires static org.jspecify;

    provides dev.jmtcp.spi.PacketIoProvider with
            dev.jmtcp.example.loopback.LoopbackProvider;
}
