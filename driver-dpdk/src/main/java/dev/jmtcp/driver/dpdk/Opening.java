package dev.jmtcp.driver.dpdk;

import dev.jmtcp.driver.dpdk.bindings.DeviceInfo;
import dev.jmtcp.driver.dpdk.bindings.DpdkException;
import dev.jmtcp.driver.dpdk.bindings.EthDevice;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Opens all ports of a configuration, or none. */
final class Opening {

    private static final int MOST_ATTEMPTS = 25;
    private static final long BETWEEN_ATTEMPTS = 20_000_000;

    private final DriverConfig config;
    private final DpdkOptions options;
    private final List<PortSetup> setups = new ArrayList<>();

    Opening(DriverConfig config, DpdkOptions options) {
        this.config = config;
        this.options = options;
    }

    /** DPDK's functions that set up and remove devices are for one thread at a time. */
    PacketIo open() throws PacketIoException {
        synchronized (Environment.DEVICES) {
            for (int attempt = 1; ; attempt++) {
                try {
                    return openAll();
                } catch (PacketIoException e) {
                    if (!isTaken(e)) {
                        throw e;
                    }
                    if (attempt == MOST_ATTEMPTS) {
                        throw new PacketIoException(
                                e.getMessage() + "; has another program, or another port, this queue of the interface?",
                                e);
                    }
                    LockSupport.parkNanos(BETWEEN_ATTEMPTS);
                }
            }
        }
    }

    /** Whether the kernel has not a socket of XDP for us: one that is closed keeps its interface's queue until the kernel gets to clean up. */
    private static boolean isTaken(PacketIoException e) {
        return e.getCause() instanceof DpdkException cause && cause.problem().contains("xsk socket");
    }

    private PacketIo openAll() throws PacketIoException {
        setups.clear();
        List<String> cards = options.ports().stream()
                .filter(DpdkOptions.OfPort::isPci)
                .map(DpdkOptions.OfPort::deviceName)
                .toList();
        int longest = options.ports().stream()
                .mapToInt(port -> port.config().mtu().orElse(PortSetup.USUAL_MTU))
                .max()
                .orElse(PortSetup.USUAL_MTU);
        Environment.start(
                options.eal(),
                cards,
                Buffers.Plan.of(options, config.queues(), longest, 0).bytes());
        var home = new HomeThread();
        Buffers buffers = null;
        boolean complete = false;
        try {
            for (DpdkOptions.OfPort port : options.ports()) {
                setups.add(new PortSetup(config, options, port, setups.size(), probe(port)));
            }
            buffers = Buffers.allocate(plan(), setups.getFirst().socket());
            var ports = new ArrayList<DpdkPort>();
            for (PortSetup setup : setups) {
                ports.add(setup.start(buffers));
            }
            var io = new DpdkIo(home, buffers, ports, config.queues(), config.clock());
            complete = true;
            return io;
        } finally {
            if (!complete) {
                setups.reversed().forEach(PortSetup::undo);
                if (buffers != null) {
                    buffers.free();
                }
                home.close();
            }
        }
    }

    private Buffers.Plan plan() {
        return Buffers.Plan.of(
                options,
                config.queues(),
                setups.stream().mapToInt(PortSetup::mtu).max().orElse(PortSetup.USUAL_MTU),
                setups.stream().mapToInt(PortSetup::longestCut).max().orElse(0));
    }

    private EthDevice probe(DpdkOptions.OfPort port) throws PacketIoException {
        if (EthDevice.exists(port.deviceName()) && !port.isPci()) {
            throw new PacketIoException("port " + port.name() + ": device " + port.deviceName()
                    + " is in use in this process; take another one, as " + another(port.deviceName()));
        }
        EthDevice device;
        try {
            device = EthDevice.probe(port.device());
        } catch (DpdkException e) {
            throw new PacketIoException("port " + port.name() + ": " + e.getMessage() + "; " + help(port), e);
        }
        boolean complete = false;
        try {
            DeviceInfo info = device.info();
            if (config.queues() > info.mostQueues()) {
                throw new PacketIoException("port " + port.name() + ": the device has at most " + info.mostQueues()
                        + " queues, not " + config.queues() + "; set num_cores = " + info.mostQueues());
            }
            complete = true;
            return device;
        } finally {
            if (!complete) {
                DpdkPort.close(device, () -> {});
            }
        }
    }

    private static String another(String device) {
        String name = device.replaceFirst("\\d+$", "");
        return name + "9";
    }

    private static String help(DpdkOptions.OfPort port) {
        if (port.isPci()) {
            return "is the card bound for DPDK? dpdk-devbind.py --status tells,"
                    + " sudo dpdk-devbind.py --bind=vfio-pci " + port.deviceName() + " does it";
        }
        return "is the device's name one of DPDK's drivers and a number, are its arguments right, and may this user have it?";
    }
}
