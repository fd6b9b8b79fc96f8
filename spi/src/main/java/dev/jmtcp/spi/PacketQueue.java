package dev.jmtcp.spi;

import java.lang.foreign.MemorySegment;

/**
 * One core's queues of all ports: bursts of frames in, frames built in driver memory out.
 *
 * <p>Owned by one thread, the first to use it: that thread alone may call it, {@link #wakeup()} excepted. No call blocks, {@link #await}
 * excepted. Once warm no call allocates.
 *
 * <h2>Receiving</h2>
 * {@link #receive} fills a burst with frames that lie in driver memory. A received frame may be read, and written (headers may be rewritten in
 * place), until the next {@link #receive} of the same port on this queue; then the driver takes it back. Who needs it longer copies it.
 *
 * <h2>Sending</h2>
 * {@link #reserve}, write the frame at the offset in {@link #transmitMemory}, {@link #commit}; then, after any number of frames,
 * {@link #flush}. At most one frame a port is reserved and not yet committed; to reserve again abandons it, while {@link #receive},
 * {@link #flush} and {@link #await} leave it reserved. Frames leave in the order of their commits. A driver never drops a committed frame because its ring is full: it says so before, by refusing to
 * reserve; what the device did not take at a flush stays queued and is offered again at the next one.
 *
 * <p>A driver whose device fails for good (gone, reset, permission withdrawn) throws {@link DeviceFailedException} from then on. After
 * {@link PacketIo#close} every call but {@link #wakeup()} throws {@link IllegalStateException}. A call for a port that does not exist throws
 * {@link IndexOutOfBoundsException}.
 */
public interface PacketQueue {

    /** What {@link #reserve} answers when there is no room now. */
    long FULL = -1;

    /**
     * Takes the frames that have arrived on a port, oldest first, at most {@link FrameBurst#capacity()}, and gives back those of
     * the burst before.
     *
     * @param port the port's index
     * @param burst cleared and filled by this call
     * @return the number of frames, also {@code burst.count()}; 0 if none has arrived
     */
    int receive(int port, FrameBurst burst);

    /** The memory in which frames to be sent on this port are reserved: one segment, always the same object. */
    MemorySegment transmitMemory(int port);

    /**
     * Reserves room for one frame.
     *
     * @param port the port's index
     * @param capacity the most bytes the frame may get, Ethernet header included: at most MTU + 14, or
     *     {@link Capabilities#maxTsoFrame()} where the device segments
     * @return where in {@link #transmitMemory} the frame begins, its content undefined; or {@link #FULL}, and nothing is reserved
     * @throws IllegalArgumentException if the capacity is below 1 or above what the port can ever take
     */
    long reserve(int port, int capacity);

    /**
     * Queues the reserved frame for sending. A frame below the Ethernet minimum of 60 bytes is padded with zeroes by the device or driver
     * where the wire needs it.
     *
     * @param port the port's index
     * @param length the frame's bytes, from 1 to the capacity reserved
     * @param offload 0, or work for the device: see {@link TxOffload}
     * @throws IllegalStateException if nothing is reserved on this port
     * @throws IllegalArgumentException if the length is out of range, or the device cannot do what is asked; the frame stays reserved
     */
    void commit(int port, int length, long offload);

    /**
     * Hands the committed frames of all ports to their devices.
     *
     * @return how many frames the devices did not take; they stay queued. 0 when all is out
     */
    int flush();

    /**
     * Rests until a frame may have arrived on any port, {@link #wakeup()} is or was called since the last await, the queue may have
     * become writable after {@link #FULL}, or the time is up. May return early without a reason. A driver that cannot rest returns at once.
     *
     * @param timeoutNanos the longest rest; 0 or less only looks
     */
    void await(long timeoutNanos);

    /** Ends the {@link #await} under way, or the next one. From any thread; also harmless after close. */
    void wakeup();
}
