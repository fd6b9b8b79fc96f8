package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.Rss;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Opens all ports of a configuration, or none. */
final class Opening {

    private final DriverConfig config;
    private final TapOptions options;
    private final int queues;
    private final List<TapPort> ports = new ArrayList<>();

    Opening(DriverConfig config, TapOptions options) {
        this.config = config;
        this.options = options;
        this.queues = config.queues();
    }

    PacketIo open() throws PacketIoException {
        if (queues > TapDevice.MAX_QUEUES) {
            throw new PacketIoException(
                    "a TAP interface has at most " + TapDevice.MAX_QUEUES + " queues, not " + queues);
        }
        var kernel = new Interface();
        boolean complete = false;
        try {
            for (TapOptions.OfPort port : options.ports()) {
                open(kernel, port);
            }
            var io = new TapIo(ports, queues, kernel);
            complete = true;
            return io;
        } finally {
            if (!complete) {
                ports.reversed().forEach(TapPort::close);
                kernel.close();
            }
        }
    }

    private void open(Interface kernel, TapOptions.OfPort port) throws PacketIoException {
        boolean isNew = !kernel.exists(port.name());
        TapDevice device = openDevice(port.name(), isNew);
        boolean complete = false;
        try {
            boolean offload = device.setOffload(options.offload());
            boolean steered = steer(device);
            var kernelSide = new KernelSide(kernel, port);
            kernelSide.setUp(options, isNew);
            var open = new Port(
                    ports.size(),
                    port.name(),
                    kernelSide.ownMac(),
                    kernelSide.mtu(),
                    0,
                    capabilities(offload, steered && (isNew || device.canHaveSeveralQueues())));
            if (options.persistent()) {
                device.setPersistent();
            }
            ports.add(new TapPort(open, device, steered, queues(device, open, offload)));
            complete = true;
        } finally {
            if (!complete) {
                device.close();
            }
        }
    }

    private TapDevice openDevice(String name, boolean isNew) throws PacketIoException {
        try {
            return TapDevice.open(name, queues, options.persistent());
        } catch (CallFailedException e) {
            String make = "sudo ip tuntap add dev " + name + " mode tap user $USER vnet_hdr"
                    + (queues > 1 ? " multi_queue" : "");
            String help = switch (e.errno()) {
                case Errno.EPERM, Errno.EACCES ->
                    "run as root" + (isNew ? ", or make the interface for this user first: " + make : "");
                case Errno.EBUSY -> "another program has it open; take another port";
                case Errno.EINVAL ->
                    isNew
                            ? "is this kernel older than 3.8?"
                            : "there is an interface of this name that is no TAP interface, or one without several queues;"
                                    + " take another port, or: sudo ip link delete " + name;
                default -> "see: jmtcp drivers tap";
            };
            throw new PacketIoException("interface " + name + ": " + e.getMessage() + "; " + help, e);
        }
    }

    /** Whether flows can be spread over queues, and then are. */
    private boolean steer(TapDevice device) throws PacketIoException {
        try {
            int program = Steering.load(config.rssKey(), queues);
            try {
                device.setSteering(program);
            } finally {
                Libc.close(program);
            }
            return true;
        } catch (CallFailedException e) {
            if (queues == 1) {
                return false;
            }
            throw new PacketIoException(
                    "flows cannot be spread over " + queues + " cores: " + e.getMessage()
                            + "; run as root, or with CAP_BPF too, or set num_cores = 1",
                    e);
        }
    }

    private Capabilities capabilities(boolean offload, boolean severalQueues) {
        Set<Offload> offloads = offload
                ? EnumSet.of(
                        Offload.RX_TCP_CHECKSUM,
                        Offload.TX_TCP_CHECKSUM,
                        Offload.TCP_SEGMENTATION,
                        Offload.TCP_COALESCING)
                : EnumSet.noneOf(Offload.class);
        Optional<Rss> rss = Optional.empty();
        if (queues > 1) {
            offloads.add(Offload.RSS);
            rss = Optional.of(Steering.rss(config.rssKey(), queues));
        }
        return new Capabilities(
                offloads, severalQueues ? TapDevice.MAX_QUEUES : 1, offload ? Slots.LONGEST_FRAME : 0, rss);
    }

    private List<PortQueue> queues(TapDevice device, Port port, boolean offload) {
        int longestFrame = offload ? Slots.LONGEST_FRAME : Slots.ETHERNET + port.mtu();
        var opened = new ArrayList<PortQueue>();
        for (int core = 0; core < queues; core++) {
            var arena = Arena.ofAuto();
            var state = Libc.errnoMemory(arena);
            int fd = device.queue(core);
            opened.add(new PortQueue(
                    fd, new Incoming(arena, state, fd), new Outgoing(arena, state, fd, longestFrame, offload)));
        }
        return opened;
    }
}
