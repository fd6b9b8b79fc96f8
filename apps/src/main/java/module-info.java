/** The jmtcp command. */
module dev.jmtcp.apps {
    requires HdrHistogram;
    requires com.google.common;
    requires com.google.guice;
    requires dev.jmtcp.core;
    requires dev.jmtcp.driver.sim;
    requires dev.jmtcp.packetdrill;
    requires dev.jmtcp.pcap;
    requires dev.jmtcp.spi;
    requires info.picocli;
    requires jakarta.inject;
    requires me.tongfei.progressbar;
    requires org.slf4j;
    requires static org.jspecify;

    opens dev.jmtcp.apps to
            com.google.guice,
            info.picocli;
}
