package dev.jmtcp.core.metrics;

/** What a stack counts. A constant whose {@link #isDrop()} holds counts frames or segments thrown away, each under exactly one reason. */
public enum Counter {
    // Frames and packets
    RX_FRAMES("frames received", false),
    RX_BYTES("bytes received", false),
    TX_FRAMES("frames sent", false),
    TX_BYTES("bytes sent", false),
    FRAME_TOO_SHORT("frame too short", true),
    FRAME_NOT_FOR_US("frame for another hardware address", true),
    ETHERTYPE_UNKNOWN("unknown EtherType", true),
    ARP_MALFORMED("malformed ARP", true),
    ARP_REQUESTS_IN("ARP requests received", false),
    ARP_REPLIES_IN("ARP replies received", false),
    ARP_REQUESTS_OUT("ARP requests sent", false),
    ARP_REPLIES_OUT("ARP replies sent", false),
    ARP_CONFLICTS("ARP packets from others that claim an address of ours", true),
    ARP_PENDING_FULL("packet dropped, too many wait for the same neighbour", true),
    ARP_FAILED("packet dropped, neighbour does not answer", true),
    IP_MALFORMED("malformed IP header", true),
    IP_BAD_CHECKSUM("bad IP header checksum", true),
    IP_NOT_FOR_US("IP packet for another address", true),
    IP_BAD_SOURCE("IP packet with an impossible source address", true),
    IP_PROTOCOL_UNKNOWN("unknown IP protocol", true),
    IP_FRAGMENTS_IN("IP fragments received", false),
    IP_REASSEMBLED("IP packets reassembled", false),
    IP_FRAGMENT_OVERLAP("overlapping IP fragment", true),
    IP_FRAGMENT_DUPLICATE("duplicate IP fragment", true),
    IP_FRAGMENT_TIMEOUT("IP fragment, reassembly timed out", true),
    IP_FRAGMENT_LIMIT("IP fragment, too many under reassembly", true),
    IP_OTHER_CORE("reassembled segment or ICMP error for another core's connection", false),
    IP_NO_ROUTE("packet to send without a route", true),
    TX_RING_FULL("reply dropped, transmit ring full", true),
    ICMP_MALFORMED("malformed ICMP", true),
    ICMP_BAD_CHECKSUM("bad ICMP checksum", true),
    ICMP_ECHO_IN("ICMP echo requests answered", false),
    ICMP_ERRORS_IN("ICMP errors received", false),
    ICMP_ERRORS_OUT("ICMP errors sent", false),
    ICMP_IGNORED("ICMP message of no concern", true),
    ICMP_RATE_LIMITED("ICMP message withheld by the rate limit", true),
    // TCP segments
    TCP_SEGMENTS_IN("TCP segments received", false),
    TCP_SEGMENTS_OUT("TCP segments sent", false),
    TCP_MALFORMED("malformed TCP header", true),
    TCP_BAD_CHECKSUM("bad TCP checksum", true),
    TCP_NO_CONNECTION("TCP segment for no connection", true),
    TCP_BAD_OPTION("TCP segment with a malformed option", true),
    TCP_OUT_OF_WINDOW("TCP segment outside the window", true),
    TCP_PAWS("TCP segment with an old timestamp", true),
    TCP_NO_TIMESTAMP("TCP segment lacks the negotiated timestamp", true),
    TCP_BAD_ACK("TCP segment with an unacceptable ACK", true),
    TCP_NO_ACK("TCP segment without ACK", true),
    TCP_BAD_RST("RST that does not match exactly", true),
    TCP_BAD_SYN("SYN in a synchronized state", true),
    TCP_BACKLOG_FULL("SYN dropped, listen queue full", true),
    TCP_NO_MEMORY("TCP segment dropped, buffer pool exhausted", true),
    TCP_AFTER_CLOSE("data after close", true),
    TCP_WRITES_SHORT("writes cut short, buffer pool exhausted", false),
    // TCP events
    TCP_ACTIVE_OPENS("connections opened actively", false),
    TCP_PASSIVE_OPENS("connections opened passively", false),
    TCP_ESTABLISHED("connections established", false),
    TCP_CLOSED("connections closed in order", false),
    TCP_RESET_IN("connections reset by the peer", false),
    TCP_RESET_OUT("RST segments sent", false),
    TCP_TIMED_OUT("connections timed out", false),
    TCP_CONNECT_FAILED("connection attempts failed", false),
    TCP_ACCEPT_OVERFLOW("handshakes finished with a full accept queue", false),
    TCP_BYTES_IN("payload bytes received in order", false),
    TCP_BYTES_OUT("payload bytes sent", false),
    TCP_RETRANSMITS("segments retransmitted", false),
    TCP_FAST_RETRANSMITS("losses found by duplicate ACKs or SACK", false),
    TCP_TIMEOUTS("retransmission timeouts", false),
    TCP_LOSS_PROBES("tail loss probes sent", false),
    TCP_RECOVERIES_UNDONE("recoveries taken back, as nothing was lost", false),
    TCP_SPURIOUS("retransmissions found spurious", false),
    TCP_DUPLICATE_ACKS_IN("duplicate ACKs received", false),
    TCP_DUPLICATE_DATA("segments with nothing but data already received", false),
    TCP_OUT_OF_ORDER("segments received out of order", false),
    TCP_CHALLENGE_ACKS("challenge ACKs sent", false),
    TCP_DELAYED_ACKS("delayed ACKs sent", false),
    TCP_ZERO_WINDOW_PROBES("zero-window probes sent", false),
    TCP_KEEPALIVE_PROBES("keep-alive probes sent", false),
    TCP_COOKIES_SENT("SYN cookies sent", false),
    TCP_COOKIES_ACCEPTED("handshakes finished by a SYN cookie", false),
    TCP_ECN_ESTABLISHED("connections with explicit congestion notification", false),
    TCP_CONGESTION_MET("segments received that have met congestion (CE)", false),
    TCP_CONGESTION_ECHOED("ACKs received that tell of congestion (ECE)", false),
    TCP_TIME_WAIT_REUSED("TIME-WAIT connections reused by a new SYN", false);

    static final int COUNT = values().length;

    private final String description;
    private final boolean drop;

    Counter(String description, boolean drop) {
        this.description = description;
        this.drop = drop;
    }

    /** What is counted, for people. */
    public String description() {
        return description;
    }

    /** Whether this counts something thrown away. */
    public boolean isDrop() {
        return drop;
    }
}
