package dev.jmtcp.driver.dpdk.bindings;

/** What devices can do and are told to do: bits of rte_ethdev.h. */
public final class EthOffload {

    public static final long RX_IPV4_CHECKSUM = 1 << 1;
    public static final long RX_TCP_CHECKSUM = 1 << 3;
    public static final long RX_LRO = 1 << 4;
    public static final long RX_SCATTER = 1 << 13;
    public static final long RX_RSS_HASH = 1 << 19;

    public static final long TX_IPV4_CHECKSUM = 1 << 1;
    public static final long TX_TCP_CHECKSUM = 1 << 3;
    public static final long TX_TCP_SEGMENTATION = 1 << 5;
    public static final long TX_MULTI_SEGS = 1 << 15;
    public static final long TX_FAST_FREE = 1 << 16;

    public static final long RSS_IPV4 = 1 << 2;
    public static final long RSS_IPV4_TCP = 1 << 4;
    public static final long RSS_IPV6 = 1 << 8;
    public static final long RSS_IPV6_TCP = 1 << 10;

    private EthOffload() {}
}
