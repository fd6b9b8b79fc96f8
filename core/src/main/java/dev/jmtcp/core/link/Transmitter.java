package dev.jmtcp.core.link;

import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.ip.LinkOutput;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Puts Ethernet frames into the driver's transmit rings. Belongs to the stack's thread. */
final class Transmitter {

    private final PacketQueue queue;
    private final Counters counters;

    /** By port. */
    private final MemorySegment[] memory;

    /** Our hardware addresses, by port. */
    private final long[] hardware;

    /** Where the frame reserved last begins, by port. */
    private final long[] reserved;

    Transmitter(PacketQueue queue, List<InterfaceConfig> interfaces, Counters counters) {
        this.queue = queue;
        this.counters = counters;
        int ports = interfaces.stream().mapToInt(InterfaceConfig::port).max().orElse(-1) + 1;
        memory = new MemorySegment[ports];
        hardware = new long[ports];
        reserved = new long[ports];
        for (InterfaceConfig each : interfaces) {
            memory[each.port()] = queue.transmitMemory(each.port());
            hardware[each.port()] = each.mac().bits();
        }
    }

    MemorySegment memory(int port) {
        return memory[port];
    }

    long hardware(int port) {
        return hardware[port];
    }

    /**
     * Reserves a frame; one reserved before on the same port and not committed is abandoned.
     *
     * @param length the most bytes that follow the Ethernet header
     * @return where they begin in {@link #memory}, or {@link LinkOutput#FULL}
     */
    long reserve(int port, int length) {
        long frame = queue.reserve(port, Ethernet.HEADER_LENGTH + length);
        if (frame < 0) {
            return LinkOutput.FULL;
        }
        reserved[port] = frame;
        return frame + Ethernet.HEADER_LENGTH;
    }

    /** Where the payload of the frame reserved last begins. */
    long reserved(int port) {
        return reserved[port] + Ethernet.HEADER_LENGTH;
    }

    /**
     * Queues the frame reserved last.
     *
     * @param length the bytes that follow the Ethernet header
     */
    void commit(int port, long destination, int type, int length, long offload) {
        Ethernet.write(memory[port], reserved[port], destination, hardware[port], type);
        int frameLength = Ethernet.HEADER_LENGTH + length;
        queue.commit(port, frameLength, offload);
        counters.add(Counter.TX_FRAMES);
        counters.add(Counter.TX_BYTES, frameLength);
    }
}
