package dev.jmtcp.core.driver;

import dev.jmtcp.core.config.FaultConfig;
import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Any driver with faults: frames sent and received are lost, doubled, overtaken, damaged and delayed, by a seed. The device does nothing for frames to
 * be sent, so that each is on its own and carries its checksums; frames that it coalesced are one frame here too. A frame that has no room waits in the
 * device or, to be sent, in the stack.
 */
public final class FaultyPacketIo implements PacketIo {

    private static final EnumSet<Offload> OF_SENDING =
            EnumSet.of(Offload.TX_IPV4_CHECKSUM, Offload.TX_TCP_CHECKSUM, Offload.TCP_SEGMENTATION);

    private final PacketIo io;
    private final List<Port> ports;
    private final List<FaultyQueue> queues;

    /**
     * @param io the driver's open ports; closed with this
     * @param queues how many cores it has queues for
     * @param faults what happens to frames; its seed is not looked at
     * @param seed the same seed and the same frames at the same times give the same faults
     * @param clock the time in nanoseconds, monotonic; called on every thread that owns a queue
     */
    public FaultyPacketIo(PacketIo io, int queues, FaultConfig faults, long seed, LongSupplier clock) {
        this.io = io;
        ports = io.ports().stream()
                .map(FaultyPacketIo::withoutOffloadsOfSending)
                .toList();
        var random = new SplittableRandom(seed);
        this.queues = IntStream.range(0, queues)
                .mapToObj(core -> new FaultyQueue(io.queue(core), ports, faults, random.split(), clock))
                .toList();
    }

    @Override
    public List<Port> ports() {
        return ports;
    }

    @Override
    public PacketQueue queue(int core) {
        return queues.get(core);
    }

    /** Frames held belong to no count yet; those lost here are among the drops. */
    @Override
    public PortStatistics statistics(int port) {
        PortStatistics device = io.statistics(port);
        Map<String, Long> drops = new HashMap<>(device.drops());
        drops.merge("lost on purpose", sum(queue -> queue.lost(port)), Long::sum);
        drops.merge("longer than the MTU", sum(queue -> queue.tooLong(port)), Long::sum);
        return new PortStatistics(
                sum(queue -> queue.received(port)),
                sum(queue -> queue.receivedBytes(port)),
                device.txPackets(),
                device.txBytes(),
                drops);
    }

    @Override
    public boolean linkUp(int port) {
        return io.linkUp(port);
    }

    @Override
    public void close() {
        queues.forEach(FaultyQueue::close);
        io.close();
    }

    private long sum(java.util.function.ToLongFunction<FaultyQueue> count) {
        return queues.stream().mapToLong(count).sum();
    }

    private static Port withoutOffloadsOfSending(Port port) {
        Capabilities can = port.capabilities();
        EnumSet<Offload> rest = EnumSet.noneOf(Offload.class);
        rest.addAll(can.offloads());
        rest.removeAll(OF_SENDING);
        return new Port(
                port.index(),
                port.name(),
                port.mac(),
                port.mtu(),
                port.bitsPerSecond(),
                new Capabilities(rest, can.maxQueues(), 0, can.rss()));
    }
}
