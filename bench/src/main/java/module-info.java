/** Benchmarks, and the peers that jmtcp is measured against. */
module dev.jmtcp.bench {
    requires HdrHistogram;
    requires dev.jmtcp.core;
    requires dev.jmtcp.driver.dpdk;
    requires dev.jmtcp.driver.sim;
    requires dev.jmtcp.spi;
    requires info.picocli;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires java.desktop;
    requires java.management;
    requires jmh.core;
    requires jdk.management;
    requires xchart;
    requires static org.jspecify;

    opens dev.jmtcp.bench to
            info.picocli;
}
