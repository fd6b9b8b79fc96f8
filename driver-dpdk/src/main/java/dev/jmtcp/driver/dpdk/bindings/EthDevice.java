package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An Ethernet device ("port") of DPDK: what is done with it but moving frames, which is {@link EthQueue}'s. For one thread at a time.
 *
 * <p>Calls that fail throw a {@link DpdkException} with DPDK's error and what it logged.
 */
public final class EthDevice {

    static final int TABLE_GROUP = 64;
    static final int TABLE_ENTRY_SIZE = 136;
    static final int TABLE_MASK = 0;
    static final int TABLE_QUEUES = 8;
    static final int EXTENDED_SIZE = 16;
    static final int EXTENDED_VALUE = 8;
    static final int EXTENDED_NAME_SIZE = 64;

    /** RTE_ETH_NAME_MAX_LEN. */
    static final int NAME_SIZE = 64;

    private static final int MAC_LENGTH = 6;

    private static final MethodHandle PROBE = call("rte_dev_probe", JAVA_LONG);
    private static final MethodHandle REMOVE = call("rte_dev_remove", JAVA_LONG);
    private static final MethodHandle BY_NAME = call("rte_eth_dev_get_port_by_name", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle NAME = call("rte_eth_dev_get_name_by_port", JAVA_SHORT, JAVA_LONG);
    private static final MethodHandle INFO = call("rte_eth_dev_info_get", JAVA_SHORT, JAVA_LONG);
    private static final MethodHandle CONFIGURE =
            call("rte_eth_dev_configure", JAVA_SHORT, JAVA_SHORT, JAVA_SHORT, JAVA_LONG);
    private static final MethodHandle ADJUST =
            call("rte_eth_dev_adjust_nb_rx_tx_desc", JAVA_SHORT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle RX_QUEUE =
            call("rte_eth_rx_queue_setup", JAVA_SHORT, JAVA_SHORT, JAVA_SHORT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle TX_QUEUE =
            call("rte_eth_tx_queue_setup", JAVA_SHORT, JAVA_SHORT, JAVA_SHORT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle START = call("rte_eth_dev_start", JAVA_SHORT);
    private static final MethodHandle STOP = call("rte_eth_dev_stop", JAVA_SHORT);
    private static final MethodHandle PROMISCUOUS_ON = call("rte_eth_promiscuous_enable", JAVA_SHORT);
    private static final MethodHandle PROMISCUOUS_OFF = call("rte_eth_promiscuous_disable", JAVA_SHORT);
    private static final MethodHandle GET_MTU = call("rte_eth_dev_get_mtu", JAVA_SHORT, JAVA_LONG);
    private static final MethodHandle SET_MTU = call("rte_eth_dev_set_mtu", JAVA_SHORT, JAVA_SHORT);
    private static final MethodHandle GET_MAC = call("rte_eth_macaddr_get", JAVA_SHORT, JAVA_LONG);
    private static final MethodHandle SET_MAC = call("rte_eth_dev_default_mac_addr_set", JAVA_SHORT, JAVA_LONG);
    private static final MethodHandle LINK = call("rte_eth_link_get_nowait", JAVA_SHORT, JAVA_LONG);
    private static final MethodHandle STATISTICS = call("rte_eth_stats_get", JAVA_SHORT, JAVA_LONG);
    private static final MethodHandle EXTENDED = call("rte_eth_xstats_get", JAVA_SHORT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle EXTENDED_NAMES =
            call("rte_eth_xstats_get_names", JAVA_SHORT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle TABLE_UPDATE =
            call("rte_eth_dev_rss_reta_update", JAVA_SHORT, JAVA_LONG, JAVA_SHORT);
    private static final MethodHandle TABLE_QUERY =
            call("rte_eth_dev_rss_reta_query", JAVA_SHORT, JAVA_LONG, JAVA_SHORT);
    private static final MethodHandle SOCKET = call("rte_eth_dev_socket_id", JAVA_SHORT);
    private static final MethodHandle IS_REMOVED = call("rte_eth_dev_is_removed", JAVA_SHORT);
    private static final MethodHandle TX_CLEANUP = call("rte_eth_tx_done_cleanup", JAVA_SHORT, JAVA_SHORT, JAVA_INT);

    /** A call of DPDK. */
    @FunctionalInterface
    private interface Call {
        int invoke() throws Throwable;
    }

    private final String name;
    private final short port;

    private EthDevice(String name, int port) {
        this.name = name;
        this.port = (short) port;
    }

    /**
     * Has DPDK find a device and take it.
     *
     * @param arguments a PCI address, or a virtual device's name, and then arguments of the driver after commas: {@code net_tap0,iface=tap0}
     * @return its port; where it has several, the first
     */
    public static EthDevice probe(String arguments) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long text = arena.allocateFrom(arguments).address();
            check("device " + arguments, () -> (int) PROBE.invokeExact(text));
        }
        int comma = arguments.indexOf(',');
        String name = comma < 0 ? arguments : arguments.substring(0, comma);
        return find(name);
    }

    /** The port of a device that DPDK has already. */
    public static EthDevice find(String name) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment port = arena.allocate(JAVA_SHORT);
            long text = arena.allocateFrom(name).address();
            check("port of device " + name, () -> (int) BY_NAME.invokeExact(text, port.address()));
            return new EthDevice(name, port.get(JAVA_SHORT, 0) & 0xffff);
        }
    }

    /** The device of a port that DPDK has in this process. */
    public static EthDevice at(int port) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(NAME_SIZE);
            check("port " + port, () -> (int) NAME.invokeExact((short) port, name.address()));
            return new EthDevice(Native.text(name.address(), NAME_SIZE), port);
        }
    }

    /** Whether DPDK has a device of this name in this process. */
    public static boolean exists(String name) {
        try {
            find(name);
            return true;
        } catch (DpdkException _) {
            return false;
        }
    }

    public String name() {
        return name;
    }

    /** DPDK's number of the port. */
    public int port() {
        return port & 0xffff;
    }

    public DeviceInfo info() throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long info = arena.allocate(DeviceInfo.SIZE, Long.BYTES).address();
            check("information on " + name, () -> (int) INFO.invokeExact(port, info));
            return DeviceInfo.at(info);
        }
    }

    /** The NUMA node that the device is at; −1 if unknown. */
    public int socket() {
        return number(() -> (int) SOCKET.invokeExact(port));
    }

    public void configure(int queues, EthConfig config) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long conf = config.write(arena).address();
            short count = (short) queues;
            check("setting up " + name, () -> (int) CONFIGURE.invokeExact(port, count, count, conf));
        }
    }

    /** The numbers of receive and transmit descriptors nearest to those wanted that the device can have. */
    public int[] adjustDescriptors(int receive, int transmit) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long wanted = arena.allocate(4, 2).address();
            Native.setShort(wanted, receive);
            Native.setShort(wanted + 2, transmit);
            check("descriptors of " + name, () -> (int) ADJUST.invokeExact(port, wanted, wanted + 2));
            return new int[] {Native.getShort(wanted), Native.getShort(wanted + 2)};
        }
    }

    /** Sets up a receive queue, whose frames come in buffers of a pool. */
    public void setUpReceive(int queue, int descriptors, Mempool pool) throws DpdkException {
        int socket = socket();
        check("receive queue " + queue + " of " + name, () ->
                (int) RX_QUEUE.invokeExact(port, (short) queue, (short) descriptors, socket, 0L, pool.address()));
    }

    public void setUpTransmit(int queue, int descriptors) throws DpdkException {
        int socket = socket();
        check("transmit queue " + queue + " of " + name, () ->
                (int) TX_QUEUE.invokeExact(port, (short) queue, (short) descriptors, socket, 0L));
    }

    public void start() throws DpdkException {
        check("starting " + name, () -> (int) START.invokeExact(port));
    }

    public void stop() throws DpdkException {
        check("stopping " + name, () -> (int) STOP.invokeExact(port));
    }

    /** Gives the device back; it must be stopped, and is gone from DPDK then. */
    public void remove() throws DpdkException {
        long handle = info().handle();
        check("removing " + name, () -> (int) REMOVE.invokeExact(handle));
    }

    /**
     * Stops and gives the device back in DPDK's own thread, for drivers that are not safe against what that thread does with them at the same time.
     */
    public void removeInInterruptThread() throws DpdkException {
        boolean done = InterruptThread.run(
                Dpdk.symbol("rte_eth_dev_stop"), port(), Dpdk.symbol("rte_dev_remove"), info().handle());
        if (!done || exists(name)) {
            throw new DpdkException("removing " + name + ": it is still there");
        }
    }

    /** Whether the device takes frames for all stations; what it answers where it cannot choose is an error. */
    public void setPromiscuous(boolean on) throws DpdkException {
        check(
                "promiscuous mode of " + name,
                () -> on ? (int) PROMISCUOUS_ON.invokeExact(port) : (int) PROMISCUOUS_OFF.invokeExact(port));
    }

    public int mtu() throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mtu = arena.allocate(JAVA_SHORT);
            check("MTU of " + name, () -> (int) GET_MTU.invokeExact(port, mtu.address()));
            return mtu.get(JAVA_SHORT, 0) & 0xffff;
        }
    }

    public void setMtu(int mtu) throws DpdkException {
        check("MTU " + mtu + " of " + name, () -> (int) SET_MTU.invokeExact(port, (short) mtu));
    }

    /** The hardware address in the lower 48 bits, its first octet the highest. */
    public long mac() throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(MAC_LENGTH).address();
            check("hardware address of " + name, () -> (int) GET_MAC.invokeExact(port, address));
            long mac = 0;
            for (int i = 0; i < MAC_LENGTH; i++) {
                mac = mac << 8 | Native.getByte(address + i);
            }
            return mac;
        }
    }

    public void setMac(long mac) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(MAC_LENGTH).address();
            for (int i = 0; i < MAC_LENGTH; i++) {
                Native.setByte(address + i, (int) (mac >>> 40 - 8 * i));
            }
            check("hardware address of " + name, () -> (int) SET_MAC.invokeExact(port, address));
        }
    }

    /** The link as it is now; down if the device does not say. */
    public EthLink link() {
        try (Arena arena = Arena.ofConfined()) {
            long link = arena.allocate(EthLink.SIZE, EthLink.SIZE).address();
            int result = number(() -> (int) LINK.invokeExact(port, link));
            return result == 0 ? EthLink.at(link) : new EthLink(false, 0);
        }
    }

    /** The device's counters; zeroes if it has none. */
    public EthStatistics statistics() {
        try (Arena arena = Arena.ofConfined()) {
            long counters = arena.allocate(EthStatistics.SIZE, Long.BYTES).address();
            int result = number(() -> (int) STATISTICS.invokeExact(port, counters));
            return result == 0 ? EthStatistics.at(counters) : EthStatistics.ZERO;
        }
    }

    /** All counters that the device has, by DPDK's names for them. */
    public Map<String, Long> extendedStatistics() {
        int count = number(() -> (int) EXTENDED.invokeExact(port, 0L, 0));
        var all = new TreeMap<String, Long>();
        if (count <= 0) {
            return all;
        }
        try (Arena arena = Arena.ofConfined()) {
            long values =
                    arena.allocate((long) count * EXTENDED_SIZE, Long.BYTES).address();
            long names = arena.allocate((long) count * EXTENDED_NAME_SIZE).address();
            int got = number(() -> (int) EXTENDED.invokeExact(port, values, count));
            int named = number(() -> (int) EXTENDED_NAMES.invokeExact(port, names, count));
            for (int i = 0; i < Math.min(count, Math.min(got, named)); i++) {
                long value = values + (long) i * EXTENDED_SIZE;
                long id = Native.getLong(value);
                if (id >= 0 && id < count) {
                    all.put(
                            Native.text(names + id * EXTENDED_NAME_SIZE, EXTENDED_NAME_SIZE),
                            Native.getLong(value + EXTENDED_VALUE));
                }
            }
        }
        return all;
    }

    /** Sets the redirection table: the queue of each entry. */
    public void setTable(int[] queues) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long table = table(arena, queues.length);
            for (int i = 0; i < queues.length; i++) {
                Native.setShort(entry(table, i), queues[i]);
            }
            check("redirection table of " + name, () ->
                    (int) TABLE_UPDATE.invokeExact(port, table, (short) queues.length));
        }
    }

    /** The redirection table. */
    public int[] table(int size) throws DpdkException {
        try (Arena arena = Arena.ofConfined()) {
            long table = table(arena, size);
            check("redirection table of " + name, () -> (int) TABLE_QUERY.invokeExact(port, table, (short) size));
            var queues = new int[size];
            for (int i = 0; i < size; i++) {
                queues[i] = Native.getShort(entry(table, i));
            }
            return queues;
        }
    }

    private static long table(Arena arena, int size) {
        int groups = (size + TABLE_GROUP - 1) / TABLE_GROUP;
        long table =
                arena.allocate((long) groups * TABLE_ENTRY_SIZE, Long.BYTES).address();
        for (int group = 0; group < groups; group++) {
            Native.setLong(table + (long) group * TABLE_ENTRY_SIZE + TABLE_MASK, -1);
        }
        return table;
    }

    private static long entry(long table, int index) {
        return table
                + (long) (index / TABLE_GROUP) * TABLE_ENTRY_SIZE
                + TABLE_QUEUES
                + (long) (index % TABLE_GROUP) * Short.BYTES;
    }

    /** Whether the device was pulled out. */
    public boolean isRemoved() {
        return number(() -> (int) IS_REMOVED.invokeExact(port)) == 1;
    }

    /** Has a transmit queue give back the buffers of frames that are out; whether the device can do that. For the queue's own thread. */
    public boolean reclaim(int queue) {
        try {
            return (int) TX_CLEANUP.invokeExact(port, (short) queue, 0) >= 0;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    private static void check(String what, Call call) throws DpdkException {
        EalLog log = EalLog.instance();
        long before = log.mark();
        int result = number(call);
        List<String> logged = log.since(before);
        if (result < 0) {
            var problem = new ArrayList<String>();
            problem.add(what + ": " + Dpdk.errorText(result));
            problem.addAll(logged);
            throw new DpdkException(String.join("; ", problem), -result);
        }
    }

    private static int number(Call call) {
        try {
            return call.invoke();
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    private static MethodHandle call(String name, java.lang.foreign.MemoryLayout... arguments) {
        return Dpdk.function(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }
}
