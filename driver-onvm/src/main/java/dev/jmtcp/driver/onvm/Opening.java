package dev.jmtcp.driver.onvm;

import dev.jmtcp.driver.dpdk.bindings.DpdkException;
import dev.jmtcp.driver.dpdk.bindings.EthDevice;
import dev.jmtcp.driver.dpdk.bindings.EthOffload;
import dev.jmtcp.driver.dpdk.bindings.Mbuf;
import dev.jmtcp.driver.dpdk.bindings.MbufCache;
import dev.jmtcp.driver.dpdk.bindings.Native;
import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Rss;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Joins the manager with one network function for each core, or with none. For one thread. */
final class Opening {

    private static final System.Logger LOGGER = System.getLogger("dev.jmtcp.driver.onvm");

    /** Buffers that a core keeps for itself. */
    private static final int CACHE = 128;

    private static final int USUAL_MTU = 1500;
    private static final int ETHERNET = 14;

    /** 02, "ONV", then the service and the port. */
    private static final long OWN_ADDRESS = 0x02_4f_4e_56_00_00L;

    private final DriverConfig config;
    private final OnvmOptions options;

    Opening(DriverConfig config, OnvmOptions options) {
        this.config = config;
        this.options = options;
    }

    PacketIo open() throws PacketIoException {
        int cores = config.queues();
        if (Integer.bitCount(cores) != 1 || cores > OnvmLayout.INSTANCES_PER_SERVICE) {
            throw new InvalidOptionException(
                    "num_cores",
                    "a stack on openNetVM cannot have " + cores + " cores",
                    "1, 2, 4, 8, 16 or 32: so many network functions of a service have flows spread over them evenly");
        }
        boolean fromCards = cores > 1 && options.destination().isEmpty();
        Environment.join(options.eal(), fromCards);
        Manager manager = Manager.find();
        List<OnvmOptions.OfPort> ports = ports(manager);
        int longestMtu = manager.room() - Mbuf.HEADROOM - ETHERNET;
        for (OnvmOptions.OfPort port : ports) {
            if (port.config().mtu().isPresent() && port.config().mtu().getAsInt() > longestMtu) {
                throw port.refused("mtu", "is more than a buffer of the manager holds", "at most " + longestMtu);
            }
            if (fromCards) {
                checkSpreads(port);
            }
        }
        var admission = new Admission(manager, options);
        List<NetworkFunction> functions = admission.start(cores);
        boolean complete = false;
        try {
            PacketIo io = open(manager, admission, functions, ports);
            complete = true;
            return io;
        } finally {
            if (!complete) {
                admission.stop();
            }
        }
    }

    private PacketIo open(
            Manager manager, Admission admission, List<NetworkFunction> functions, List<OnvmOptions.OfPort> wanted)
            throws PacketIoException {
        Capabilities capabilities = capabilities(manager, functions);
        var ports = new ArrayList<Port>();
        for (OnvmOptions.OfPort port : wanted) {
            int mtu = port.config().mtu().orElse(Math.min(USUAL_MTU, manager.room() - Mbuf.HEADROOM - ETHERNET));
            ports.add(new Port(ports.size(), port.name(), mac(manager, port), mtu, 0, capabilities));
        }
        long lowest = manager.packets().lowest();
        MemorySegment memory = Native.segment(lowest, manager.packets().highest() - lowest);
        int[] numbers = wanted.stream().mapToInt(OnvmOptions.OfPort::number).toArray();
        var hash = new FlowHash();
        var incoming = new ArrayList<List<Incoming>>();
        var outgoing = new ArrayList<List<Outgoing>>();
        var queues = new ArrayList<OnvmQueue>();
        for (NetworkFunction function : functions) {
            var in = new Incoming[ports.size()];
            var out = new Outgoing[ports.size()];
            for (int i = 0; i < in.length; i++) {
                in[i] = new Incoming(memory);
                out[i] = new Outgoing(
                        function,
                        route(manager, function, numbers[i], hash),
                        memory,
                        ports.get(i).mtu() + ETHERNET);
            }
            incoming.add(List.of(in));
            outgoing.add(List.of(out));
            queues.add(new OnvmQueue(
                    new Arrivals(function.receiveQueue(), in, numbers),
                    out,
                    MbufCache.own(manager.packets(), CACHE),
                    config.clock()));
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "onvm: instance " + function.instance() + " of service " + options.service()
                            + ", which the manager counts on CPU " + function.cpu());
        }
        return new OnvmIo(admission, functions, ports, incoming, outgoing, queues);
    }

    private Route route(Manager manager, NetworkFunction function, int port, FlowHash hash) {
        return options.destination().isPresent()
                ? Route.toService(
                        manager.metaOffset(),
                        function.instance(),
                        options.destination().getAsInt(),
                        port,
                        hash)
                : Route.out(manager.metaOffset(), function.instance(), port);
    }

    /** The ports to open, checked against those that the manager has: it would lose packets for others, and their buffers. */
    private List<OnvmOptions.OfPort> ports(Manager manager) throws PacketIoException {
        List<Integer> there = manager.ports();
        if (options.ports().getFirst().name().equals(OnvmOptions.ALL)) {
            List<Integer> numbers = there.isEmpty() && options.destination().isPresent() ? List.of(0) : there;
            if (numbers.isEmpty()) {
                throw noPort("none", there);
            }
            return numbers.stream()
                    .map(number -> new OnvmOptions.OfPort(PortConfig.of("dpdk" + number), number))
                    .toList();
        }
        for (OnvmOptions.OfPort port : options.ports()) {
            if (options.destination().isEmpty() && !there.contains(port.number())) {
                throw noPort(port.name() + ", number " + port.number(), there);
            }
        }
        return options.ports();
    }

    private static PacketIoException noPort(String wanted, List<Integer> there) {
        return new PacketIoException("the openNetVM manager has no such port: " + wanted + "; it has "
                + (there.isEmpty() ? "none" : there) + "; start onvm_mgr with a mask that names it, -p, or set"
                + " port.<name>.number; or set onvm_dest, for frames to go to a service");
    }

    /** Several cores get packets from a card only if it hashes them, as the manager has told it to if it can. */
    private static void checkSpreads(OnvmOptions.OfPort port) throws PacketIoException {
        String problem;
        try {
            if ((EthDevice.at(port.number()).info().rssTypes() & EthOffload.RSS_IPV4_TCP) != 0) {
                return;
            }
            problem = "its device does not hash TCP";
        } catch (DpdkException e) {
            problem = "its device cannot be asked: " + e.getMessage();
        }
        throw new PacketIoException("port " + port.name()
                + " does not spread connections over several network functions of a service: " + problem
                + "; set num_cores = 1, or onvm_dest");
    }

    private MacAddress mac(Manager manager, OnvmOptions.OfPort port) {
        if (port.config().mac().isPresent()) {
            return port.config().mac().get();
        }
        MacAddress own = new MacAddress(OWN_ADDRESS | (long) options.service() << 8 | port.number());
        if (options.destination().isPresent()) {
            // Both ends of a connection may be on this machine, and the port's address is but one.
            return own;
        }
        MacAddress address = manager.address(port.number());
        return OnvmOptions.isStation(address) ? address : own;
    }

    private Capabilities capabilities(Manager manager, List<NetworkFunction> functions) throws PacketIoException {
        int most = OnvmLayout.INSTANCES_PER_SERVICE;
        if (functions.size() == 1) {
            return new Capabilities(Set.of(), most, 0, Optional.empty());
        }
        List<Integer> ours = functions.stream().map(NetworkFunction::instance).toList();
        List<Integer> order = manager.instances(options.service());
        if (order.size() != ours.size() || !order.containsAll(ours)) {
            throw new PacketIoException("service " + options.service() + " has the instances " + order + ", not only "
                    + ours + ": another network function began at the same time; several cores need a service of"
                    + " their own");
        }
        int[] table = order.stream().mapToInt(ours::indexOf).toArray();
        return new Capabilities(Set.of(Offload.RSS), most, 0, Optional.of(new Rss(FlowHash.key(), table)));
    }
}
