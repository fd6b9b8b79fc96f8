package dev.jmtcp.spi;

import java.util.List;

/**
 * The open ports of a driver: every port has one queue a core, and a {@link PacketQueue} is one core's queues of all ports.
 *
 * <p>{@link #ports()}, {@link #queue} and {@link #statistics} may be called from any thread. {@link #close()} is called once, after
 * the threads that own the queues have stopped using them; it ends an {@link PacketQueue#await} still under way.
 */
public interface PacketIo extends AutoCloseable {

    /** The open ports; a port's place in the list is its index. Never changes. */
    List<Port> ports();

    /**
     * The queues of one core, always the same object for the same core.
     *
     * @param core from 0 to {@link DriverConfig#queues()} − 1
     * @throws IndexOutOfBoundsException if there is no such core
     */
    PacketQueue queue(int core);

    /**
     * The counters of a port since it was opened, summed over its queues. A snapshot; it may lag behind the queues' own threads, and is
     * exact once they rest.
     *
     * @throws IndexOutOfBoundsException if there is no such port
     */
    PortStatistics statistics(int port);

    /** Whether the port has a link now. */
    default boolean linkUp(int port) {
        return true;
    }

    /**
     * Gives everything back. Frames not yet flushed are lost; the memory of frames must not be touched any more, and a queue that is
     * used again throws {@link IllegalStateException}. A second close does nothing.
     */
    @Override
    void close();
}
