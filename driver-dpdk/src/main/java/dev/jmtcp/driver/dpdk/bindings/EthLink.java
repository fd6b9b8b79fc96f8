package dev.jmtcp.driver.dpdk.bindings;

/**
 * A device's link: struct rte_eth_link.
 *
 * @param megabits its speed in Mbit/s; 0 if unknown
 */
public record EthLink(boolean up, long megabits) {

    static final int SIZE = 8;
    static final int SPEED = 0;
    static final int FLAGS = 4;
    static final int STATUS_BIT = 2;
    static final int SPEED_UNKNOWN = -1;

    static EthLink at(long address) {
        int speed = Native.getInt(address + SPEED);
        boolean up = (Native.getShort(address + FLAGS) >>> STATUS_BIT & 1) == 1;
        return new EthLink(up, speed == SPEED_UNKNOWN ? 0 : Integer.toUnsignedLong(speed));
    }
}
