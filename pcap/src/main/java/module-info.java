/** Reading pcap and pcapng files, writing pcapng. */
module dev.jmtcp.pcap {
    requires static transitive org.jspecify;

    exports dev.jmtcp.pcap;
}
