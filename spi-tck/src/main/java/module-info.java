/** The contract test that every packet I/O driver extends. */
module dev.jmtcp.spi.tck {
    requires transitive dev.jmtcp.spi;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;
    requires jdk.management;

    exports dev.jmtcp.spi.tck;

    uses dev.jmtcp.spi.PacketIoProvider;
}
