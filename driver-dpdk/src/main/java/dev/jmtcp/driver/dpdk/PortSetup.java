package dev.jmtcp.driver.dpdk;

import dev.jmtcp.driver.dpdk.bindings.DeviceInfo;
import dev.jmtcp.driver.dpdk.bindings.DpdkException;
import dev.jmtcp.driver.dpdk.bindings.EthConfig;
import dev.jmtcp.driver.dpdk.bindings.EthDevice;
import dev.jmtcp.driver.dpdk.bindings.EthLink;
import dev.jmtcp.driver.dpdk.bindings.EthOffload;
import dev.jmtcp.driver.dpdk.bindings.EthQueue;
import dev.jmtcp.driver.dpdk.bindings.KernelInterface;
import dev.jmtcp.driver.dpdk.bindings.Mbuf;
import dev.jmtcp.driver.dpdk.bindings.XdpSockets;
import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.Rss;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Sets up and starts a device that DPDK has found. */
final class PortSetup {

    static final int USUAL_MTU = 1500;

    private static final int ETHERNET = 14;

    /** The longest frame given to a device to cut: what fits into one descriptor of usual cards. */
    private static final int LONGEST_CUT = 16_000;

    private static final int ENOTSUP = 95;

    /** Drivers whose receive and transmit functions are known to make no system call; those of network cards make none either. */
    private static final Set<String> WITHOUT_SYSTEM_CALLS = Set.of("net_null", "net_ring");

    private static final long CHECKSUMS_RX = EthOffload.RX_IPV4_CHECKSUM | EthOffload.RX_TCP_CHECKSUM;
    private static final long CHECKSUMS_TX = EthOffload.TX_IPV4_CHECKSUM | EthOffload.TX_TCP_CHECKSUM;
    private static final long RSS_TCP = EthOffload.RSS_IPV4_TCP | EthOffload.RSS_IPV6_TCP;
    private static final long RSS_IP = EthOffload.RSS_IPV4 | EthOffload.RSS_IPV6;

    private final DriverConfig config;
    private final DpdkOptions options;
    private final DpdkOptions.OfPort port;
    private final int index;
    private final EthDevice device;
    private final DeviceInfo info;
    private final long rxOffloads;
    private final long txOffloads;
    private final int mtuBefore;
    private final long macBefore;
    private final int mtu;
    private final boolean spread;
    private XdpSockets sockets = XdpSockets.none();

    PortSetup(DriverConfig config, DpdkOptions options, DpdkOptions.OfPort port, int index, EthDevice device)
            throws DpdkException {
        this.config = config;
        this.options = options;
        this.port = port;
        this.index = index;
        this.device = device;
        info = device.info();
        mtuBefore = mtuOfInterface();
        macBefore = device.mac();
        mtu = port.config().mtu().orElse(mtuBefore);
        spread = config.queues() > 1 && (info.rssTypes() & EthOffload.RSS_IPV4_TCP) != 0 && info.tableSize() > 0;
        rxOffloads = rxOffloads();
        txOffloads = txOffloads();
    }

    /** That of the kernel's interface below, which DPDK does not ask about; else DPDK's own. */
    private int mtuOfInterface() throws DpdkException {
        if (info.interfaceIndex() > 0) {
            OptionalInt below = KernelInterface.mtu(info.interfaceIndex());
            if (below.isPresent()) {
                return below.getAsInt();
            }
        }
        return device.mtu();
    }

    private long rxOffloads() {
        long wanted = options.offload() ? CHECKSUMS_RX : 0;
        if (spread) {
            wanted |= EthOffload.RX_RSS_HASH;
        }
        if (options.lro()) {
            wanted |= EthOffload.RX_LRO | EthOffload.RX_SCATTER;
        }
        return wanted & info.rxOffloads();
    }

    private long txOffloads() {
        long wanted = EthOffload.TX_FAST_FREE;
        if (options.offload()) {
            wanted |= CHECKSUMS_TX;
            // Segmentation leaves all checksums to the device.
            if (options.tso() && (info.txOffloads() & CHECKSUMS_TX) == CHECKSUMS_TX) {
                wanted |= EthOffload.TX_TCP_SEGMENTATION;
            }
        }
        return wanted & info.txOffloads();
    }

    int socket() {
        return device.socket();
    }

    int mtu() {
        return mtu;
    }

    /** The longest frame that the device cuts into segments; 0 if it does not. */
    int longestCut() {
        return (txOffloads & EthOffload.TX_TCP_SEGMENTATION) != 0 ? Math.max(LONGEST_CUT, mtu + ETHERNET) : 0;
    }

    /** Gives the device back as it was. */
    void undo() {
        DpdkPort.close(device, this::restore);
        sockets.close();
    }

    private void restore() {
        try {
            if (port.promiscuous()) {
                device.setPromiscuous(false);
            }
            if (port.config().mtu().isPresent() && mtu != mtuBefore) {
                device.setMtu(mtuBefore);
            }
            if (port.config().mac().isPresent()) {
                device.setMac(macBefore);
            }
        } catch (DpdkException _) {
            // it cannot do this, or is gone
        }
    }

    DpdkPort start(Buffers buffers) throws PacketIoException {
        try {
            configure(buffers);
            setMtu();
            MacAddress mac = setMac();
            setPromiscuous();
            device.start();
            Optional<Rss> rss = spread ? Optional.of(setTable()) : Optional.empty();
            EthLink link = device.link();
            var open = new Port(index, port.name(), mac, mtu, link.megabits() * 1_000_000, capabilities(rss));
            var incoming = new ArrayList<Incoming>();
            var outgoing = new ArrayList<Outgoing>();
            int longest = Math.max(mtu + ETHERNET, longestCut());
            for (int core = 0; core < config.queues(); core++) {
                var queue = new EthQueue(device, core, isQuick());
                incoming.add(new Incoming(queue, buffers.memory()));
                outgoing.add(new Outgoing(queue, buffers.memory(), longest, TransmitWork.of(txOffloads), port.isPci()));
            }
            return new DpdkPort(open, device, port.isPci(), incoming, outgoing, this::undo);
        } catch (InvalidOptionException e) {
            throw e;
        } catch (PacketIoException e) {
            throw new PacketIoException("port " + port.name() + ": " + e.getMessage(), e);
        }
    }

    private boolean isQuick() {
        return port.isPci() || WITHOUT_SYSTEM_CALLS.contains(info.driver());
    }

    private void configure(Buffers buffers) throws PacketIoException {
        int most = options.buffersArePages() ? Math.min(info.maxMtu(), Buffers.MOST_MTU_OF_PAGES) : info.maxMtu();
        if (port.config().mtu().isPresent() && (mtu < info.minMtu() || mtu > most)) {
            throw mtuRefused("the device does not take " + mtu, info.minMtu() + " to " + most);
        }
        if (options.buffersArePages() && mtu > most) {
            throw mtuRefused("the interface has " + mtu + ", and buffers for XDP take less", "at most " + most);
        }
        long rssTypes = spread ? info.rssTypes() & (RSS_TCP | RSS_IP) : 0;
        boolean lro = (rxOffloads & EthOffload.RX_LRO) != 0;
        device.configure(
                config.queues(),
                new EthConfig(
                        mtu,
                        lro ? Mbuf.LONGEST_BUFFER - Mbuf.HEADROOM : 0,
                        rxOffloads,
                        txOffloads,
                        rssTypes,
                        spread ? key() : new byte[0]));
        int[] descriptors = device.adjustDescriptors(options.rxDescriptorsOf(port), options.txDescriptors());
        XdpSockets others = port.isXdp() ? XdpSockets.open() : XdpSockets.none();
        try {
            for (int queue = 0; queue < config.queues(); queue++) {
                device.setUpReceive(queue, descriptors[0], buffers.receive());
                device.setUpTransmit(queue, descriptors[1]);
            }
        } finally {
            if (port.isXdp()) {
                sockets = XdpSockets.open().without(others);
            }
        }
    }

    /** The key in the length that the device wants; a hash of IPv4 uses its first 16 bytes, and one of IPv6 40. */
    private byte[] key() {
        byte[] given = config.rssKey();
        var key = new byte[info.keyLength() == 0 ? given.length : info.keyLength()];
        for (int i = 0; i < key.length; i++) {
            key[i] = given[i % given.length];
        }
        return key;
    }

    private Rss setTable() throws DpdkException {
        Rss wanted = Rss.roundRobin(config.rssKey(), info.tableSize(), config.queues());
        device.setTable(wanted.table());
        return new Rss(config.rssKey(), device.table(info.tableSize()));
    }

    private void setMtu() throws PacketIoException {
        if (port.config().mtu().isEmpty()) {
            return;
        }
        try {
            device.setMtu(mtu);
        } catch (DpdkException e) {
            // A device that knows no MTU carries whatever fits into a buffer.
            if (e.errno() != ENOTSUP) {
                throw mtuRefused(e.problem(), "another one, or none for the device's own");
            }
        }
    }

    private InvalidOptionException mtuRefused(String problem, String accepted) {
        return new InvalidOptionException(port.prefix() + "mtu", problem, accepted);
    }

    private MacAddress setMac() throws PacketIoException {
        if (port.config().mac().isPresent()) {
            MacAddress mac = port.config().mac().get();
            try {
                device.setMac(mac.bits());
            } catch (DpdkException e) {
                // A device that filters nothing needs not know the address.
                if (e.errno() != ENOTSUP || port.isPci() || !port.promiscuous()) {
                    throw new InvalidOptionException(
                            port.prefix() + "mac", e.problem(), "another one, or none for the device's own");
                }
            }
            return mac;
        }
        var mac = new MacAddress(device.mac());
        return DpdkOptions.isStation(mac) ? mac : made();
    }

    /** A locally administered address for a device that has none, the same each time. */
    private MacAddress made() {
        return new MacAddress(0x02_44_50_00_00_00L | device.name().hashCode() & 0xff_ffffL);
    }

    private void setPromiscuous() throws DpdkException {
        try {
            device.setPromiscuous(port.promiscuous());
        } catch (DpdkException e) {
            // A device that has no such mode takes everything, or is told by its own arguments.
            if (e.errno() != ENOTSUP) {
                throw e;
            }
        }
    }

    private Capabilities capabilities(Optional<Rss> rss) {
        var offloads = EnumSet.noneOf(Offload.class);
        add(offloads, Offload.RX_IPV4_CHECKSUM, rxOffloads & EthOffload.RX_IPV4_CHECKSUM);
        add(offloads, Offload.RX_TCP_CHECKSUM, rxOffloads & EthOffload.RX_TCP_CHECKSUM);
        add(offloads, Offload.TCP_COALESCING, rxOffloads & EthOffload.RX_LRO);
        add(offloads, Offload.TX_IPV4_CHECKSUM, txOffloads & EthOffload.TX_IPV4_CHECKSUM);
        add(offloads, Offload.TX_TCP_CHECKSUM, txOffloads & EthOffload.TX_TCP_CHECKSUM);
        add(offloads, Offload.TCP_SEGMENTATION, txOffloads & EthOffload.TX_TCP_SEGMENTATION);
        if (rss.isPresent()) {
            offloads.add(Offload.RSS);
        }
        return new Capabilities(offloads, Math.max(1, info.mostQueues()), longestCut(), rss);
    }

    private static void add(Set<Offload> offloads, Offload offload, long enabled) {
        if (enabled != 0) {
            offloads.add(offload);
        }
    }
}
