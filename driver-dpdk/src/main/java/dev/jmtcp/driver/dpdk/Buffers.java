package dev.jmtcp.driver.dpdk;

import dev.jmtcp.driver.dpdk.bindings.DpdkException;
import dev.jmtcp.driver.dpdk.bindings.Mbuf;
import dev.jmtcp.driver.dpdk.bindings.Mempool;
import dev.jmtcp.driver.dpdk.bindings.Native;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The packet buffers of an open driver: a pool for frames that come and one for those that go, the same where they need no different buffers; and one segment
 * that covers both, since a virtual device may hand over a frame just as it was sent.
 */
final class Buffers {

    /** How many of them a thread keeps for itself. */
    static final int CACHE = 256;

    /** The most that a thread's cache ever holds: DPDK lets it grow to one and a half of its size. */
    private static final int MOST_CACHED = CACHE * 3 / 2;

    /** The smallest buffer that all devices take: 2048 bytes besides the headroom. */
    private static final int LEAST_ROOM = Mbuf.HEADROOM + 2048;

    /** Ethernet header, VLAN tags and checksum. */
    private static final int AROUND_PACKET = 26;

    private static final int ALIGNMENT = 64;

    /** Besides a buffer's room: struct rte_mbuf, and what pools put around objects. */
    private static final int PER_BUFFER = Mbuf.SIZE + 2 * ALIGNMENT;

    /** Of one queue of any device that is not of XDP; some keep 512, and want them all before they are asked. */
    private static final int KEPT_BY_DEVICE = 2560;

    /** What the kernel has for frames that come to a socket of XDP, and the most that have gone and are not yet given back. */
    private static final int KEPT_BY_XDP = 2 * 2048;

    /** What the kernel leaves free before a frame that comes to a socket of XDP, beyond what it is asked to. */
    private static final int XDP_HEADROOM = 256;

    /** The largest MTU where buffers are pages: the kernel takes the frames for part of a buffer from its very beginning. */
    static final int MOST_MTU_OF_PAGES = Mempool.PAGE_ROOM - Mbuf.HEADROOM - XDP_HEADROOM - 14;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Mempool receive;
    private final Mempool transmit;
    private final MemorySegment memory;

    /**
     * How many and how large.
     *
     * @param receiveCount of the pool for frames that come, and of the only one
     * @param transmitCount of the pool for frames that go, if it is another one
     * @param receiveRoom bytes of a buffer for frames that come, headroom included
     * @param transmitRoom bytes of a buffer for frames that go, headroom included
     * @param pages whether each buffer for frames that come is a page
     */
    record Plan(int receiveCount, int transmitCount, int receiveRoom, int transmitRoom, boolean pages) {

        /**
         * @param longestPacket the largest MTU
         * @param longestCut the longest frame that a device cuts into segments; 0 if none does
         */
        static Plan of(DpdkOptions options, int cores, int longestPacket, int longestCut) {
            int incoming = 0;
            int outgoing = 0;
            for (DpdkOptions.OfPort port : options.ports()) {
                int descriptors = options.rxDescriptorsOf(port);
                // A ring of XDP has as many places for frames that go as for those that come.
                incoming += Incoming.MOST_HELD + (port.isXdp() ? KEPT_BY_XDP : descriptors + KEPT_BY_DEVICE);
                outgoing += Outgoing.MOST_WAITING + (port.isXdp() ? descriptors : options.txDescriptors());
            }
            boolean pages = options.buffersArePages();
            int cached = cores * MOST_CACHED;
            int room = Math.max(LEAST_ROOM, aligned(Mbuf.HEADROOM + longestPacket + AROUND_PACKET));
            int receiveRoom = options.lro() ? Mbuf.LONGEST_BUFFER : pages ? Mempool.PAGE_ROOM : room;
            return new Plan(
                    count(options, cached + cores * (incoming + outgoing)),
                    count(options, cached + cores * outgoing),
                    receiveRoom,
                    Math.max(pages ? receiveRoom : room, longestCut == 0 ? 0 : aligned(Mbuf.HEADROOM + longestCut)),
                    pages);
        }

        private static int count(DpdkOptions options, int needed) {
            return options.mbufs() > 0 ? options.mbufs() : Integer.highestOneBit(needed) * 2 - 1;
        }

        private static int aligned(int bytes) {
            return Math.min(Mbuf.LONGEST_BUFFER, bytes + ALIGNMENT - 1 & -ALIGNMENT);
        }

        boolean isOnePool() {
            return receiveRoom == transmitRoom;
        }

        /** All memory that this takes, about. */
        long bytes() {
            long transmit = isOnePool() ? 0 : (long) transmitCount * (transmitRoom + PER_BUFFER);
            return (long) receiveCount * (receiveRoom + PER_BUFFER) + transmit;
        }
    }

    private Buffers(Mempool receive, Mempool transmit) {
        this.receive = receive;
        this.transmit = transmit;
        long lowest = Math.min(receive.lowest(), transmit.lowest());
        memory = Native.segment(lowest, Math.max(receive.highest(), transmit.highest()) - lowest);
    }

    /** @param socket the NUMA node; −1 for any */
    static Buffers allocate(Plan plan, int socket) throws DpdkException {
        Mempool receive = plan.pages()
                ? Mempool.ofPages(name(), plan.receiveCount(), CACHE, socket)
                : pool(plan.receiveCount(), plan.receiveRoom(), socket);
        if (plan.isOnePool()) {
            return new Buffers(receive, receive);
        }
        boolean complete = false;
        try {
            var buffers = new Buffers(receive, pool(plan.transmitCount(), plan.transmitRoom(), socket));
            complete = true;
            return buffers;
        } finally {
            if (!complete) {
                receive.free();
            }
        }
    }

    private static Mempool pool(int count, int room, int socket) throws DpdkException {
        return Mempool.create(name(), count, CACHE, room, socket);
    }

    private static String name() {
        return "jmtcp_" + NUMBER.getAndIncrement();
    }

    Mempool receive() {
        return receive;
    }

    Mempool transmit() {
        return transmit;
    }

    MemorySegment memory() {
        return memory;
    }

    /** The buffers that nobody has; exact only while no queue is in use. */
    int available() {
        return receive.available() + (isOnePool() ? 0 : transmit.available());
    }

    int capacity() {
        return receive.capacity() + (isOnePool() ? 0 : transmit.capacity());
    }

    private boolean isOnePool() {
        return receive.address() == transmit.address();
    }

    void free() {
        if (!isOnePool()) {
            transmit.free();
        }
        receive.free();
    }
}
