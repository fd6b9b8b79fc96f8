package dev.jmtcp.driver.onvm;

import dev.jmtcp.driver.dpdk.bindings.DpdkException;
import dev.jmtcp.driver.dpdk.bindings.DynamicField;
import dev.jmtcp.driver.dpdk.bindings.Eal;
import dev.jmtcp.driver.dpdk.bindings.Mbuf;
import dev.jmtcp.driver.dpdk.bindings.Mempool;
import dev.jmtcp.driver.dpdk.bindings.Memzone;
import dev.jmtcp.driver.dpdk.bindings.Native;
import dev.jmtcp.driver.dpdk.bindings.Ring;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PacketIoException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The manager, as its shared memory shows it, found and found right. For any thread. */
final class Manager {

    /** What one more network function may have to try before the pool of requests gives it one: the records of all may be in it. */
    private static final int MOST_TRIES = 2 * OnvmLayout.INSTANCES;

    private static final int CACHE_LINE = 64;
    private static final long PAUSE = 50_000_000;

    /** How long the manager may take from its first memory to its last, which waits for the links of ports. */
    private static final int PAUSES_TO_BEGIN = 60;

    private static final int PAUSES_TO_BE_READY = 400;

    private final Memzone records;
    private final Memzone ports;
    private final Memzone services;
    private final Memzone serviceCounts;
    private final Mempool packets;
    private final Mempool requests;
    private final Mempool messages;
    private final int metaOffset;

    /** Used by one thread at a time. */
    private final Ring queue;

    private Manager() throws DpdkException {
        records = Memzone.lookup(OnvmLayout.RECORDS);
        ports = Memzone.lookup(OnvmLayout.PORTS);
        services = Memzone.lookup(OnvmLayout.SERVICES);
        serviceCounts = Memzone.lookup(OnvmLayout.SERVICE_COUNTS);
        packets = Mempool.lookup(OnvmLayout.PACKET_POOL);
        requests = Mempool.lookup(OnvmLayout.REQUEST_POOL);
        messages = Mempool.lookup(OnvmLayout.MESSAGE_POOL);
        queue = Ring.lookup(OnvmLayout.MANAGER_QUEUE);
        Memzone.lookup(OnvmLayout.LAST);
        metaOffset = DynamicField.lookup(OnvmLayout.META_FIELD).offset();
    }

    /** The manager that this process has joined; waits for one that has just begun. */
    static Manager find() throws PacketIoException {
        for (int pauses = 0; ; pauses++) {
            try {
                Manager manager = new Manager();
                manager.check();
                return manager;
            } catch (DpdkException e) {
                if (pauses > PAUSES_TO_BEGIN && !exists(OnvmLayout.RECORDS)) {
                    throw new PacketIoException(
                            "the process of DPDK that was joined is no openNetVM manager: " + e.getMessage()
                                    + "; set onvm.file_prefix to the manager's --file-prefix",
                            e);
                }
                if (pauses > PAUSES_TO_BE_READY || pauses > PAUSES_TO_BEGIN && exists(OnvmLayout.LAST)) {
                    throw new PacketIoException(
                            "the manager lacks something, is it openNetVM v21.10 made for this version of DPDK? "
                                    + e.getMessage(),
                            e);
                }
                if (!Eal.isPrimaryAlive()) {
                    throw new PacketIoException("the openNetVM manager went away: " + e.getMessage(), e);
                }
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    private static boolean exists(String memzone) {
        try {
            Memzone.lookup(memzone);
            return true;
        } catch (DpdkException _) {
            return false;
        }
    }

    /** Whether this is the layout that the driver knows: all that can be told before something is written. */
    private void check() throws PacketIoException {
        checkSize("records of network functions", records, OnvmLayout.INSTANCES * OnvmLayout.Function.SIZE);
        checkSize("table of ports", ports, OnvmLayout.Ports.SIZE);
        if (requests.elementSize() < OnvmLayout.Request.SIZE) {
            throw different("requests to start", requests.elementSize(), OnvmLayout.Request.SIZE);
        }
        if (messages.elementSize() < OnvmLayout.Message.SIZE) {
            throw different("messages", messages.elementSize(), OnvmLayout.Message.SIZE);
        }
        DynamicField meta = DynamicField.lookup(OnvmLayout.META_FIELD);
        if (meta.size() != OnvmLayout.Meta.SIZE) {
            throw different("field " + OnvmLayout.META_FIELD, meta.size(), OnvmLayout.Meta.SIZE);
        }
        if (room() < Mbuf.HEADROOM + OnvmOptions.MINIMUM_MTU) {
            throw different("packet buffers", packets.elementSize(), 2304);
        }
    }

    private static void checkSize(String what, Memzone zone, int expected) throws PacketIoException {
        if (zone.length() != (expected + CACHE_LINE - 1 & -CACHE_LINE)) {
            throw different(what, zone.length(), expected);
        }
    }

    private static PacketIoException different(String what, long size, long expected) {
        return new PacketIoException("the manager's " + what + ": " + size + " bytes, expected " + expected
                + "; it is not openNetVM v21.10, or was compiled with other limits");
    }

    Mempool packets() {
        return packets;
    }

    /** Where in a packet buffer it stands what becomes of the packet. */
    int metaOffset() {
        return metaOffset;
    }

    /** Bytes of a packet buffer, headroom included. */
    int room() {
        return packets.elementSize() - Mbuf.SIZE;
    }

    /** How many services it was started for; ids are below. */
    int services() {
        return (int) Math.min(OnvmLayout.SERVICES_MAX, services.length() / Long.BYTES);
    }

    /** The instances of a service, in the order in which the hash of a packet names them. */
    List<Integer> instances(int service) {
        var instances = new ArrayList<Integer>();
        long array = Native.getLong(services.address() + (long) service * Long.BYTES);
        int count = Math.min(
                OnvmLayout.INSTANCES_PER_SERVICE,
                Native.getShort(serviceCounts.address() + (long) service * Short.BYTES));
        for (int i = 0; array != 0 && i < count; i++) {
            instances.add(Native.getShort(array + (long) i * Short.BYTES));
        }
        return instances;
    }

    /** The numbers of the ports that the manager has, and has set up. */
    List<Integer> ports() {
        var numbers = new ArrayList<Integer>();
        int count = Math.min(OnvmLayout.PORTS_MAX, Native.getByte(ports.address() + OnvmLayout.Ports.COUNT));
        for (int i = 0; i < count; i++) {
            int number = Native.getByte(ports.address() + OnvmLayout.Ports.IDS + i);
            if (number < OnvmLayout.PORTS_MAX
                    && Native.getByte(ports.address() + OnvmLayout.Ports.INITIALIZED + number) == 1) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    /** The hardware address of one of {@link #ports}. */
    MacAddress address(int port) {
        long bits = 0;
        for (int i = 0; i < 6; i++) {
            bits = bits << 8 | Native.getByte(ports.address() + OnvmLayout.Ports.ADDRESSES + 6L * port + i);
        }
        return new MacAddress(bits);
    }

    /** Where the record of an instance lies. */
    long function(int instance) {
        return records.address() + (long) instance * OnvmLayout.Function.SIZE;
    }

    /**
     * Takes a request out of the pool. The manager puts records of network functions that have stopped there, too, which are no requests: those are left out,
     * and not put back.
     */
    long takeRequest() throws PacketIoException {
        for (int i = 0; i < MOST_TRIES; i++) {
            long request = requests.take();
            if (request == 0) {
                break;
            }
            if (request < records.address() || request >= records.address() + records.length()) {
                return request;
            }
        }
        throw new PacketIoException("the manager has no request left to start a network function with; start it again");
    }

    void putRequest(long request) {
        requests.put(request);
    }

    /** Sends a message, which the manager puts back; whether there was room for it. */
    synchronized boolean send(int type, long data) {
        long message = messages.take();
        if (message == 0) {
            return false;
        }
        Native.setByte(message + OnvmLayout.Message.TYPE, type);
        Native.setLong(message + OnvmLayout.Message.DATA, data);
        try (Arena arena = Arena.ofConfined()) {
            if (queue.put(arena.allocateFrom(ValueLayout.JAVA_LONG, message).address(), 1)) {
                return true;
            }
        }
        messages.put(message);
        return false;
    }

    /** Puts back a message from the manager. */
    void putMessage(long message) {
        messages.put(message);
    }
}
