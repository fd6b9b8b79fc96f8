/** An interpreter of packetdrill scripts: the real engine and the real socket API, in virtual time. */
module dev.jmtcp.packetdrill {
    requires dev.jmtcp.core;
    requires dev.jmtcp.spi;
    requires java.xml;
    requires static transitive org.jspecify;

    exports dev.jmtcp.packetdrill;
}
