package dev.jmtcp.driver.dpdk.bindings;

/**
 * What a device says of itself: struct rte_eth_dev_info.
 *
 * @param driver the name of DPDK's driver of it: net_tap
 * @param handle the address of the struct rte_device
 * @param interfaceIndex the number of the kernel's interface that it works on; 0 if there is none
 * @param mostQueues the most receive queues, and transmit queues, that it can have
 * @param rxOffloads bits of {@link EthOffload}
 * @param txOffloads bits of {@link EthOffload}
 * @param tableSize entries of the redirection table; 0 if there is none
 * @param keyLength bytes of the RSS key; 0 if not said
 * @param rssTypes what it can hash: bits of {@link EthOffload}
 */
public record DeviceInfo(
        String driver,
        long handle,
        int interfaceIndex,
        int minMtu,
        int maxMtu,
        int mostQueues,
        long rxOffloads,
        long txOffloads,
        int tableSize,
        int keyLength,
        long rssTypes) {

    static final int SIZE = 376;
    static final int DEVICE = 0;
    static final int DRIVER_NAME = 8;
    static final int IF_INDEX = 16;
    static final int MIN_MTU = 20;
    static final int MAX_MTU = 22;
    static final int MAX_RX_QUEUES = 44;
    static final int MAX_TX_QUEUES = 46;
    static final int RX_OFFLOAD_CAPA = 72;
    static final int TX_OFFLOAD_CAPA = 80;
    static final int RETA_SIZE = 104;
    static final int HASH_KEY_SIZE = 106;
    static final int FLOW_TYPE_RSS_OFFLOADS = 112;

    private static final int NAME_LENGTH = 64;

    static DeviceInfo at(long address) {
        return new DeviceInfo(
                Native.text(Native.getLong(address + DRIVER_NAME), NAME_LENGTH),
                Native.getLong(address + DEVICE),
                Native.getInt(address + IF_INDEX),
                Native.getShort(address + MIN_MTU),
                Native.getShort(address + MAX_MTU),
                Math.min(Native.getShort(address + MAX_RX_QUEUES), Native.getShort(address + MAX_TX_QUEUES)),
                Native.getLong(address + RX_OFFLOAD_CAPA),
                Native.getLong(address + TX_OFFLOAD_CAPA),
                Native.getShort(address + RETA_SIZE),
                Native.getByte(address + HASH_KEY_SIZE),
                Native.getLong(address + FLOW_TYPE_RSS_OFFLOADS));
    }
}
