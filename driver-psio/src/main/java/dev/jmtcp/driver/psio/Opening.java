package dev.jmtcp.driver.psio;

import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Rss;
import dev.jmtcp.spi.Toeplitz;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Opens all ports of a configuration, or none. Each core has a handle of its own, as with mTCP, and on it of every card the receive queue of its number. Where a card
 * has more receive queues than there are cores, the cores share them all out: a flow is not lost because it was hashed to a queue that nobody reads.
 */
final class Opening {

    /** ixgbe_main.c, ixgbe_configure_rx: the entries of the redirection table, which name the queues in turn. */
    private static final int REDIRECTION_TABLE = 128;

    private static final int ETHERNET = 14;

    /** RFC 791 section 3.2. */
    private static final int MINIMUM_MTU = 68;

    private record Wanted(Device device, PortConfig config) {}

    private final DriverConfig config;
    private final PsioOptions options;
    private final int cores;
    private final int rxQueues;

    Opening(DriverConfig config, PsioOptions options) throws PacketIoException {
        this.config = config;
        this.options = options;
        cores = config.queues();
        rxQueues = options.queues().isPresent() ? options.queues().getAsInt() : countedQueues();
    }

    private static int countedQueues() throws PacketIoException {
        return checkCounted(Interrupts.rxQueues(), Runtime.getRuntime().availableProcessors());
    }

    /** mTCP's rule (io_module.c, GetNumQueues): as many as have a line in the table of interrupts, and no more than there are cores. */
    static int checkCounted(int counted, int processors) throws PacketIoException {
        if (counted == 0) {
            throw new PacketIoException("no receive queue of xge0 has a line in /proc/interrupts;"
                    + " set it up: sudo ifconfig xge0 up; or say how many there are: psio.queues = 4");
        }
        if (counted > processors) {
            throw new PacketIoException("xge0 has " + counted + " receive queues by /proc/interrupts, but there are "
                    + processors + " cores; load the module with fewer: sudo ./install.py " + processors + " "
                    + processors + "; or have cores take several: psio.queues = " + counted);
        }
        return counted;
    }

    PacketIo open() throws PacketIoException {
        List<Device> devices = Device.list();
        List<Wanted> wanted = choose(devices);
        check(wanted, devices.getFirst());
        var handles = new ArrayList<Handle>();
        var kernel = new Interface();
        boolean complete = false;
        try {
            var ports = new ArrayList<Port>();
            for (Wanted one : wanted) {
                ports.add(port(ports.size(), one, kernel));
            }
            var queues = new ArrayList<PsioQueue>();
            for (int core = 0; core < cores; core++) {
                var handle = Handle.open();
                handles.add(handle);
                queues.add(queue(handle, core, wanted, ports));
            }
            var io = new PsioIo(
                    ports.stream().map(port -> psioPort(port, queues)).toList(), queues, kernel);
            complete = true;
            return io;
        } finally {
            if (!complete) {
                handles.forEach(Handle::close);
                kernel.close();
            }
        }
    }

    private static PsioPort psioPort(Port port, List<PsioQueue> queues) {
        return new PsioPort(
                port, queues.stream().map(queue -> queue.port(port.index())).toList());
    }

    private List<Wanted> choose(List<Device> devices) throws InvalidOptionException {
        var wanted = new ArrayList<Wanted>();
        for (PortConfig port : config.ports()) {
            List<Device> named = devices.stream()
                    .filter(device -> port.name().equals("all") || device.name().equals(port.name()))
                    .toList();
            if (named.isEmpty()) {
                throw new InvalidOptionException(
                        "port",
                        "there is no card '" + port.name() + "'",
                        "all, or some of: " + devices.stream().map(Device::name).collect(Collectors.joining(" ")));
            }
            for (Device device : named) {
                if (wanted.stream().anyMatch(other -> other.device().equals(device))) {
                    throw new InvalidOptionException(
                            "port", "'" + device.name() + "' is named twice", "each card once, or all");
                }
                wanted.add(new Wanted(device, port));
            }
        }
        return wanted;
    }

    private void check(List<Wanted> wanted, Device first) throws PacketIoException {
        if (cores > rxQueues) {
            throw new PacketIoException(cores + " cores, but " + rxQueues + " receive queues; set num_cores = "
                    + rxQueues + ", or load the module with more: sudo ./install.py " + cores + " " + cores);
        }
        for (Wanted one : wanted) {
            checkQueues(one.device());
            if (one.config().mac().isPresent()
                    && !one.config().mac().get().equals(one.device().mac())) {
                throw new InvalidOptionException(
                        "port." + one.device().name() + ".mac",
                        "the engine does not change a card's address",
                        "the card's own, " + one.device().mac() + ", or nothing");
            }
        }
        // ixgbe_main.c, ps_select: whatever the card, the queue's number is held against those of the first.
        if (first.rxQueues() < cores || first.txQueues() < cores) {
            throw new PacketIoException("the engine wants as many queues on its first card, " + first.name()
                    + ", as on the others; load the module so: sudo ./install.py " + rxQueues + " " + rxQueues);
        }
        if ((long) wanted.size() * ((rxQueues + cores - 1) / cores) > Ps.MAX_RINGS) {
            throw new PacketIoException("a core would take more than " + Ps.MAX_RINGS
                    + " receive queues, which the engine does not have room for; set num_cores = " + rxQueues);
        }
    }

    private void checkQueues(Device device) throws PacketIoException {
        String has = device.name() + " has " + device.rxQueues() + " receive queues, not " + rxQueues;
        if (device.rxQueues() < rxQueues) {
            throw new PacketIoException("no such queue: " + has + "; set psio.queues = " + device.rxQueues());
        }
        if (device.rxQueues() > rxQueues) {
            throw new PacketIoException(
                    has + ": the stack would miss what the others get; set psio.queues = " + device.rxQueues());
        }
        if (device.txQueues() < cores) {
            throw new PacketIoException(device.name() + " has " + device.txQueues() + " transmit queues, but there are "
                    + cores + " cores; load the module with more: sudo ./install.py " + rxQueues + " " + cores);
        }
    }

    private Port port(int index, Wanted wanted, Interface kernel) throws PacketIoException {
        Device device = wanted.device();
        int most = Math.min(kernel.mtu(device.name()), Ps.MAX_PACKET_SIZE - ETHERNET);
        int mtu = wanted.config().mtu().orElse(most);
        if (mtu < MINIMUM_MTU || mtu > most) {
            throw new InvalidOptionException(
                    "port." + device.name() + ".mtu",
                    "bad value '" + mtu + "'",
                    MINIMUM_MTU + " to that of the card, " + most);
        }
        return new Port(index, device.name(), device.mac(), mtu, 0, capabilities());
    }

    private Capabilities capabilities() {
        Set<Offload> offloads = EnumSet.of(Offload.RX_IPV4_CHECKSUM);
        Optional<Rss> rss = Optional.empty();
        if (cores > 1) {
            offloads.add(Offload.RSS);
            // ixgbe_main.c, ixgbe_configure_rx: the key is always that of mTCP.
            int[] table = IntStream.range(0, REDIRECTION_TABLE)
                    .map(i -> i % rxQueues % cores)
                    .toArray();
            rss = Optional.of(new Rss(Toeplitz.symmetricKey(), table));
        }
        return new Capabilities(offloads, rxQueues, 0, rss);
    }

    private PsioQueue queue(Handle handle, int core, List<Wanted> wanted, List<Port> ports) throws PacketIoException {
        var arena = Arena.ofAuto();
        var queues = new PortQueue[ports.size()];
        for (int i = 0; i < queues.length; i++) {
            Device device = wanted.get(i).device();
            int ifindex = device.ifindex();
            int[] places = attach(handle, core, device);
            var slowPath = new SlowPath(arena, handle.fd(), ifindex, options.slowPath());
            queues[i] = new PortQueue(
                    ifindex,
                    new Incoming(arena, handle.fd(), places, handle.mapChunk(), slowPath),
                    new Outgoing(
                            arena,
                            handle.fd(),
                            ifindex,
                            core,
                            handle.mapChunk(),
                            ports.get(i).mtu() + ETHERNET));
        }
        return new PsioQueue(
                handle, queues, new Rest(arena, handle.fd(), core, queues, options.slice(), config.clock()));
    }

    /** Takes a core's receive queues of a card. */
    private int[] attach(Handle handle, int core, Device device) throws PacketIoException {
        int[] places = new int[(rxQueues - core + cores - 1) / cores];
        for (int i = 0; i < places.length; i++) {
            int queue = core + i * cores;
            try {
                places[i] = handle.attach(device.ifindex(), queue);
            } catch (CallFailedException e) {
                String help = switch (e.errno()) {
                    case Errno.EBUSY -> "another program has it; end that first";
                    case Errno.EINVAL -> "the card has no such queue; set psio.queues = " + device.rxQueues();
                    default -> "see: dmesg | tail";
                };
                throw new PacketIoException(
                        "receive queue " + queue + " of " + device.name() + ": " + e.getMessage() + "; " + help, e);
            }
        }
        return places;
    }
}
