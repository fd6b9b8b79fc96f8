package dev.jmtcp.driver.dpdk.bindings;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How a device is to be set up: struct rte_eth_conf.
 *
 * @param mtu the largest packet in bytes; 0 for the device's own choice
 * @param longestCoalesced the longest frame that the device may put together, with {@link EthOffload#RX_LRO}; else 0
 * @param rxOffloads bits of {@link EthOffload}
 * @param txOffloads bits of {@link EthOffload}
 * @param rssTypes what is hashed to spread frames over queues: bits of {@link EthOffload}; 0 for no spreading
 * @param rssKey the key, as long as the device wants it
 */
public record EthConfig(int mtu, int longestCoalesced, long rxOffloads, long txOffloads, long rssTypes, byte[] rssKey) {

    static final int SIZE = 2272;
    static final int RX_MQ_MODE = 8;
    static final int MTU = 12;
    static final int MAX_LRO = 16;
    static final int RX_OFFLOADS = 24;
    static final int TX_OFFLOADS = 72;
    static final int RSS_KEY = 128;
    static final int RSS_KEY_LENGTH = 136;
    static final int RSS_TYPES = 144;
    static final int MQ_RX_RSS = 1;

    MemorySegment write(Arena arena) {
        MemorySegment conf = arena.allocate(SIZE, Long.BYTES);
        long at = conf.address();
        Native.setInt(at + MTU, mtu);
        Native.setInt(at + MAX_LRO, longestCoalesced);
        Native.setLong(at + RX_OFFLOADS, rxOffloads);
        Native.setLong(at + TX_OFFLOADS, txOffloads);
        if (rssTypes != 0) {
            Native.setInt(at + RX_MQ_MODE, MQ_RX_RSS);
            Native.setLong(
                    at + RSS_KEY,
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, rssKey).address());
            Native.setByte(at + RSS_KEY_LENGTH, rssKey.length);
            Native.setLong(at + RSS_TYPES, rssTypes);
        }
        return conf;
    }
}
