package dev.jmtcp.spi;

/** Work that a device takes off the stack. What a port does not list, the stack does in software. */
public enum Offload {
    /** Received frames carry {@link RxFlags#IP_CHECKSUM_GOOD} or {@link RxFlags#IP_CHECKSUM_BAD}, but for those the device did not check. */
    RX_IPV4_CHECKSUM,
    /** Received frames carry {@link RxFlags#TCP_CHECKSUM_GOOD} or {@link RxFlags#TCP_CHECKSUM_BAD}, but for those the device did not check. */
    RX_TCP_CHECKSUM,
    /** {@link TxOffload#IPV4_CHECKSUM} is honoured. */
    TX_IPV4_CHECKSUM,
    /** {@link TxOffload#TCP_CHECKSUM} is honoured. */
    TX_TCP_CHECKSUM,
    /** {@link TxOffload#TCP_SEGMENTATION} is honoured, for frames up to {@link Capabilities#maxTsoFrame()}. */
    TCP_SEGMENTATION,
    /** Received frames may be several segments coalesced, longer than the MTU, flagged {@link RxFlags#COALESCED}. */
    TCP_COALESCING,
    /** Flows are spread over the queues by {@link Capabilities#rss()}. */
    RSS
}
