package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Toeplitz;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A simulated Ethernet switch with any number of ports, each with one or more queues. It knows the hardware addresses of its ports, so it sends
 * a frame to the one port it is for, and to all others if it is for a group or for nobody it knows. Frames do not move in
 * memory, but for those sent to several ports and those that impairments duplicate.
 *
 * <p>{@link #open} may be called from any thread. Frames arrive in the thread that receives them, when they are due on its clock: nothing
 * runs in the background, but for a look at the other processes on a wire in a file, five times a second.
 */
public final class Wire implements Simulation.Source, AutoCloseable {

    /** A thread of another process cannot be woken, so one that waits for frames of others looks again after this long. */
    private static final long POLL_NANOS = 100_000;

    private final WireConfig config;
    private final WireMemory shared;
    private final MemorySegment memory;
    private final Layout layout;
    private final Places places;
    private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
    private final AtomicReferenceArray<Thread> sleepers;
    private final @Nullable Watchman watchman;
    private volatile PortTable table;
    private boolean closed;

    private Wire(WireConfig config, WireMemory shared) {
        this.config = config;
        this.shared = shared;
        memory = shared.segment();
        layout = shared.layout();
        places = new Places(shared);
        sleepers = new AtomicReferenceArray<>(layout.places);
        shared.lock();
        try {
            table = new PortTable(memory, layout, null);
        } finally {
            shared.unlock();
        }
        watchman = shared.isShared() ? new Watchman(this::leaveDead) : null;
    }

    /** A wire within this process, for those who are given it. */
    public static Wire create(WireConfig config) {
        return new Wire(config, new ArenaMemory(config.layout()));
    }

    /** A perfect wire within this process: {@link WireConfig#DEFAULT}. */
    public static Wire create() {
        return create(WireConfig.DEFAULT);
    }

    /**
     * A wire between processes, in a file that they map: joins it if another process has it, and makes it otherwise, also if the file was left by
     * processes that died. A process has a file open once only. A peer that dies is noticed within a second, and what it had is given back.
     *
     * @param file best on a file system in memory, such as /dev/shm
     * @param config its geometry if it is made; how ports are, in any case
     * @throws PacketIoException if the file cannot be made, is no wire, or is of another version
     */
    public static Wire ofFile(Path file, WireConfig config) throws PacketIoException {
        return new Wire(config, FileMemory.open(file, config.layout()));
    }

    /**
     * Opens one port with one queue on this wire.
     *
     * @param port its name, from which its hardware address is made
     * @param clock the time in nanoseconds
     */
    public SimPacketIo open(String port, LongSupplier clock) throws PacketIoException {
        return open(port, 1, clock);
    }

    /**
     * Opens one port with several queues on this wire, spread by mTCP's symmetric key.
     *
     * @param port its name, from which its hardware address is made
     * @param clock the time in nanoseconds
     */
    public SimPacketIo open(String port, int queues, LongSupplier clock) throws PacketIoException {
        return open(new DriverConfig(queues, List.of(PortConfig.of(port)), Map.of(), Toeplitz.symmetricKey(), clock));
    }

    /** Opens ports on this wire, as its {@link WireConfig} says. The options in the configuration are not looked at. */
    public SimPacketIo open(DriverConfig driver) throws PacketIoException {
        var setup = new PortSetup(config.seed(), config.impairments(), config.flowControl(), config.offloading(), null);
        var ports = new ArrayList<SimPort>();
        try {
            for (PortConfig port : driver.ports()) {
                ports.add(attach(port, ports.size(), driver, setup, layout.places));
            }
            return new SimPacketIo(driver, ports, () -> {}, null);
        } catch (PacketIoException | RuntimeException e) {
            ports.forEach(port -> port.leave().run());
            throw e;
        }
    }

    /** Opens one port. */
    SimPort attach(PortConfig port, int index, DriverConfig driver, PortSetup setup, int maxQueues)
            throws PacketIoException {
        int largest = layout.capacity - WireConfig.ETHERNET_HEADER;
        int mtu = port.mtu().orElse(largest);
        if (mtu < WireConfig.MINIMUM_MTU || mtu > largest) {
            throw new InvalidOptionException(
                    "port." + port.name() + ".mtu",
                    "MTU " + mtu + " does not fit on this wire; pcap-sim.mtu of whoever makes it says how large it is",
                    WireConfig.MINIMUM_MTU + " to " + largest);
        }
        Places.Taken taken;
        shared.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the wire is closed");
            }
            places.leaveDead();
            taken = places.take(port, mtu, driver.queues(), driver.rssKey(), setup.seed(), clockOffset(driver));
            table = new PortTable(memory, layout, table);
        } finally {
            shared.unlock();
        }
        long mac = taken.mac().bits();
        var link = new Link(setup.impairments(), setup.seed() ^ mac);
        var queues = new ArrayList<Endpoint>();
        for (int place : taken.places()) {
            queues.add(new Endpoint(this, place, index, setup, link, driver.clock(), mac, mtu));
        }
        endpoints.addAll(queues);
        Capabilities capabilities = Steering.capabilities(driver.rssKey(), queues.size(), maxQueues);
        var opened = new Port(
                index,
                port.name(),
                taken.mac(),
                mtu,
                (long) setup.impairments().bandwidth(),
                setup.offloading().addTo(capabilities));
        var memory = new PortMemory();
        List<PortQueue> devices = OffloadQueue.around(queues, setup.offloading(), memory.arena(), layout.capacity);
        return new SimPort(opened, link, devices, () -> {
            leave(queues);
            memory.close();
        });
    }

    /** How much a clock is ahead of this machine's, which processes have in common. */
    private long clockOffset(DriverConfig driver) {
        return shared.isShared() ? driver.clock().getAsLong() - System.nanoTime() : 0;
    }

    /** Gives up the places of processes that died. */
    private void leaveDead() {
        if (table().places() == endpoints.size()) {
            return;
        }
        shared.lock();
        try {
            if (!closed && places.leaveDead()) {
                table = new PortTable(memory, layout, table);
            }
        } finally {
            shared.unlock();
        }
    }

    private void leave(List<Endpoint> left) {
        shared.lock();
        try {
            if (closed) {
                return;
            }
            places.leave(left.stream().mapToInt(Endpoint::place).toArray());
            table = new PortTable(memory, layout, table);
            endpoints.removeAll(left);
        } finally {
            shared.unlock();
        }
    }

    /** How long a thread may sleep though nobody wakes it, in nanoseconds. */
    long longestSleep() {
        return shared.isShared() ? POLL_NANOS : Long.MAX_VALUE;
    }

    WireConfig config() {
        return config;
    }

    MemorySegment memory() {
        return memory;
    }

    Layout layout() {
        return layout;
    }

    /** Who is on the wire now. */
    PortTable table() {
        PortTable known = table;
        if (known.epoch == (long) Layout.LONG.getAcquire(memory, Layout.EPOCH_AT)) {
            return known;
        }
        shared.lock();
        try {
            table = new PortTable(memory, layout, table);
            return table;
        } finally {
            shared.unlock();
        }
    }

    void sleeper(int place, Thread thread) {
        sleepers.setOpaque(place, thread);
    }

    /** Ends the sleep of the thread that owns a place. */
    void wake(int place) {
        Thread thread = sleepers.getOpaque(place);
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /**
     * When the next frame can be received by any port of this process: at the earliest {@code now} if one is there already; {@link Long#MAX_VALUE} if
     * none is under way. Only while no other thread uses a port.
     */
    @Override
    public long nextEvent(long now) {
        long next = Long.MAX_VALUE;
        for (Endpoint endpoint : endpoints) {
            next = Math.min(next, endpoint.nextArrival());
        }
        return Math.max(next, now);
    }

    /** Gives the wire's memory back. All its ports must have been closed, or not be used any more. A second close does nothing. */
    @Override
    public void close() {
        if (watchman != null) {
            watchman.close();
        }
        shared.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            places.leave(endpoints.stream().mapToInt(Endpoint::place).toArray());
            endpoints.forEach(Endpoint::freeze);
            endpoints.clear();
        } finally {
            shared.unlock();
        }
        shared.close();
    }
}
