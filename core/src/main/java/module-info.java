/** The TCP/IP engine and the socket API. */
@SuppressWarnings("module") // the modules of qualified exports are not visible here
module dev.jmtcp.core {
    requires transitive dev.jmtcp.spi;
    requires static transitive org.jspecify;
    requires dev.jmtcp.pcap;
    requires org.jctools.core.jdk11;
    requires org.slf4j;
    requires jdk.unsupported; // sun.misc.Signal, by reflection

    uses dev.jmtcp.spi.PacketIoProvider;

    exports dev.jmtcp.core.config;
    exports dev.jmtcp.core.driver;
    exports dev.jmtcp.core.metrics;
    exports dev.jmtcp.core.ip;
    exports dev.jmtcp.core.link;
    exports dev.jmtcp.core.socket;
    exports dev.jmtcp.core.stack;
    exports dev.jmtcp.core.buffer to
            dev.jmtcp.bench;
    exports dev.jmtcp.core.tcp;
    exports dev.jmtcp.core.timer to
            dev.jmtcp.bench;
    exports dev.jmtcp.core.wire to
            dev.jmtcp.bench;
}
