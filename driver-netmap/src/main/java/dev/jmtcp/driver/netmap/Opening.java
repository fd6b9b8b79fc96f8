package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.Rss;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Opens all ports of a configuration, or none. */
final class Opening {

    private final NetmapOptions options;
    private final int queues;
    private final List<NetmapPort> ports = new ArrayList<>();

    Opening(DriverConfig config, NetmapOptions options) {
        this.options = options;
        this.queues = config.queues();
    }

    PacketIo open() throws PacketIoException {
        var kernel = new Interface();
        boolean complete = false;
        try {
            for (NetmapOptions.OfPort port : options.ports()) {
                ports.add(open(kernel, port));
            }
            var io = new NetmapIo(ports, queues, kernel);
            complete = true;
            return io;
        } finally {
            if (!complete) {
                ports.reversed().forEach(NetmapPort::close);
                kernel.close();
            }
        }
    }

    private NetmapPort open(Interface kernel, NetmapOptions.OfPort port) throws PacketIoException {
        var identity = Identity.of(kernel, port);
        var descriptors = new ArrayList<Descriptor>();
        SharedMemory memory = null;
        boolean complete = false;
        try {
            descriptors.add(bind(port, 0));
            Request.Answer answer = descriptors.getFirst().answer();
            int most = port.name().kind() == PortName.Kind.CARD ? Math.min(answer.txRings(), answer.rxRings()) : 1;
            Optional<Rss> spread = spread(kernel, port, answer, most);
            while (descriptors.size() < queues) {
                descriptors.add(bind(port, descriptors.size()));
            }
            memory = SharedMemory.map(descriptors.getFirst(), queues * (Incoming.ROOM + Frames.LONGEST));
            var open = new Port(
                    ports.size(),
                    port.config().name(),
                    identity.mac(),
                    identity.mtu(),
                    identity.bitsPerSecond(),
                    new Capabilities(spread.isPresent() ? Set.of(Offload.RSS) : Set.of(), most, 0, spread));
            var opened = new NetmapPort(
                    open,
                    port.name().device(),
                    identity.index(),
                    kernel,
                    memory,
                    queues(port, descriptors, memory, identity.mtu()));
            complete = true;
            return opened;
        } finally {
            if (!complete) {
                if (memory != null) {
                    memory.close();
                }
                descriptors.reversed().forEach(Descriptor::close);
            }
        }
    }

    private Descriptor bind(NetmapOptions.OfPort port, int ring) throws PacketIoException {
        var request = new Request(
                port.name(),
                port.name().mode(queues),
                ring,
                port.name().device().isPresent() ? 0 : options.slots());
        try {
            return Descriptor.open(request);
        } catch (CallFailedException e) {
            throw new PacketIoException(
                    "netmap port " + port.config().name() + ": " + e.getMessage() + "; " + help(port.name(), e.errno()),
                    e);
        }
    }

    private static String help(PortName name, int errno) {
        String device = name.device().orElse(name.request());
        return switch (errno) {
            case Errno.EBUSY ->
                "another program has it open, or it hangs on a VALE switch (vale-ctl -d takes it off); take another port";
            case Errno.ENXIO, Errno.ENODEV -> "there is no such interface: see ip link";
            case Errno.ENOMEM ->
                "netmap's memory is used up: raise buf_num and ring_num in /sys/module/netmap/parameters, or lower netmap.slots";
            case Errno.EINVAL ->
                switch (name.kind()) {
                    case VALE ->
                        "is it the name of an interface? one hangs on a switch by vale-ctl -a, and is not opened so";
                    case PIPE -> "does its other end have as many slots?";
                    case CARD, HOST ->
                        "is its MTU above a netmap buffer? lower it (ip link set dev " + device
                                + " mtu 1500), or raise /sys/module/netmap/parameters/buf_size";
                };
            case Errno.EOPNOTSUPP, Errno.ENOTTY ->
                "this netmap module cannot do it: for any card, echo 0 > /sys/module/netmap/parameters/admode";
            case Errno.EPERM, Errno.EACCES -> "run as root";
            default -> "see the kernel's log: dmesg";
        };
    }

    /** How flows reach the cores; nothing for one core. Fails where they would not. */
    private Optional<Rss> spread(Interface kernel, NetmapOptions.OfPort port, Request.Answer answer, int most)
            throws PacketIoException {
        if (queues == 1) {
            return Optional.empty();
        }
        String name = port.config().name();
        if (port.name().kind() != PortName.Kind.CARD) {
            throw new PacketIoException(
                    "netmap port " + name + " is for one core: set num_cores = 1, or take a network card");
        }
        if (most != queues || answer.rxRings() != queues) {
            throw new PacketIoException("netmap port " + name + " has " + answer.rxRings() + " receive and "
                    + answer.txRings() + " transmit rings for " + queues + " cores; make them as many: sudo ethtool -L "
                    + port.name().request() + " combined " + queues + ", or set num_cores = " + most);
        }
        Rss spread = CardSpread.of(kernel, port.name().request())
                .orElseThrow(() -> new PacketIoException("netmap port " + name
                        + " does not say by which Toeplitz hash it spreads flows (ethtool -x "
                        + port.name().request()
                        + "): set num_cores = 1"));
        for (int queue : spread.table()) {
            if (queue < 0 || queue >= queues) {
                throw new PacketIoException(
                        "netmap port " + name + " sends flows to ring " + queue + ", which no core has;"
                                + " sudo ethtool -X " + port.name().request() + " equal " + queues);
            }
        }
        return Optional.of(spread);
    }

    private List<PortQueue> queues(
            NetmapOptions.OfPort port, List<Descriptor> descriptors, SharedMemory memory, int mtu)
            throws PacketIoException {
        PortName name = port.name();
        var opened = new ArrayList<PortQueue>();
        for (int core = 0; core < queues; core++) {
            Descriptor descriptor = descriptors.get(core);
            long own = memory.own() + core * (Incoming.ROOM + Frames.LONGEST);
            var receive = new ArrayList<RxRing>();
            for (int index : rings(name, core, descriptor, memory)) {
                receive.add(new RxRing(ring(descriptor, memory, true, index)));
            }
            int first = name.kind() == PortName.Kind.HOST
                    ? memory.deviceRings(descriptor.answer().offset(), false)
                    : core;
            Ring transmit = ring(descriptor, memory, false, first);
            if (Frames.ETHERNET + mtu > (transmit.count() - 1) * transmit.bufferSize()) {
                throw new PacketIoException("netmap port " + port.config().name() + ": a frame with an MTU of " + mtu
                        + " does not fit a ring of " + transmit.count() + " slots of " + transmit.bufferSize()
                        + " bytes; raise netmap.slots, or lower " + port.prefix() + "mtu");
            }
            opened.add(new PortQueue(
                    descriptor,
                    new Incoming(descriptor.fd(), memory.segment(), receive, new Room(own, Incoming.ROOM)),
                    new Outgoing(descriptor.fd(), transmit, own + Incoming.ROOM, Frames.ETHERNET + mtu)));
        }
        return opened;
    }

    /** The receive rings that a core's descriptor is bound to. */
    private List<Integer> rings(PortName name, int core, Descriptor descriptor, SharedMemory memory) {
        if (name.kind() == PortName.Kind.HOST) {
            return List.of(memory.deviceRings(descriptor.answer().offset(), true));
        }
        if (queues > 1) {
            return List.of(core);
        }
        var all = new ArrayList<Integer>();
        for (int index = 0; index < descriptor.answer().rxRings(); index++) {
            all.add(index);
        }
        return all;
    }

    private static Ring ring(Descriptor descriptor, SharedMemory memory, boolean receives, int index)
            throws CallFailedException {
        long at = memory.ring(descriptor.answer().offset(), receives, index);
        return Ring.at(memory.segment(), at, descriptor.answer().memorySize());
    }
}
