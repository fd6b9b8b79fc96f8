/** The PacketIO SPI: what a packet I/O driver implements, and its packet memory rules. */
module dev.jmtcp.spi {
    requires static transitive org.jspecify;

    exports dev.jmtcp.spi;
}
