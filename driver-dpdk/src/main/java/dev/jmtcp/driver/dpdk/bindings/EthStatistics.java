package dev.jmtcp.driver.dpdk.bindings;

/**
 * A device's own basic counters: struct rte_eth_stats.
 *
 * @param missed frames lost because nobody received them in time
 * @param receiveErrors frames that arrived damaged
 * @param sendErrors frames not sent; some drivers count those here that they only did not take yet
 */
public record EthStatistics(long missed, long receiveErrors, long sendErrors) {

    static final int SIZE = 704;
    static final int IMISSED = 32;
    static final int IERRORS = 40;
    static final int OERRORS = 48;

    public static final EthStatistics ZERO = new EthStatistics(0, 0, 0);

    static EthStatistics at(long address) {
        return new EthStatistics(
                Native.getLong(address + IMISSED),
                Native.getLong(address + IERRORS),
                Native.getLong(address + OERRORS));
    }

    /** What was counted since an earlier look. */
    public EthStatistics since(EthStatistics before) {
        return new EthStatistics(
                missed - before.missed, receiveErrors - before.receiveErrors, sendErrors - before.sendErrors);
    }
}
