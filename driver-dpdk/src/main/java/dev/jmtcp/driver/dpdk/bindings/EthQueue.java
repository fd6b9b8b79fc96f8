package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A receive and a transmit queue of a device that runs: bursts of packet buffers in and out, by the functions of its driver, as DPDK's inline functions call
 * them. Belongs to one thread; allocates nothing. Layout of struct rte_eth_fp_ops:
 *
 * <pre>
 *  0              24           64             72               88           128
 *  +---------+----+-------+----+--------------+---------------+-----+-------+
 *  | rx_burst| …  | rxq[] | …  | tx_burst     | tx_prepare    | …   | txq[] |  one for each port
 *  +---------+----+-------+----+--------------+---------------+-----+-------+
 * </pre>
 */
public final class EthQueue {

    static final int STRIDE = 128;
    static final int RX_BURST = 0;
    static final int RX_DATA = 24;
    static final int TX_BURST = 64;
    static final int TX_PREPARE = 72;
    static final int TX_DATA = 88;

    private static final FunctionDescriptor BURST = FunctionDescriptor.of(JAVA_SHORT, JAVA_LONG, JAVA_LONG, JAVA_SHORT);
    private static final MethodHandle CALL = Dpdk.pointer(BURST);
    private static final MethodHandle QUICK_CALL = Dpdk.pointer(BURST, Linker.Option.critical(false));

    private final boolean quick;
    private final MemorySegment receive;
    private final long receiveQueue;
    private final MemorySegment transmit;
    private final MemorySegment prepare;
    private final long transmitQueue;

    /**
     * @param quick whether the driver's functions end soon and make no system call: then the JVM need not be told of a call
     */
    public EthQueue(EthDevice device, int queue, boolean quick) {
        long ops = Dpdk.symbol("rte_eth_fp_ops") + (long) device.port() * STRIDE;
        this.quick = quick;
        receive = function(ops + RX_BURST);
        transmit = function(ops + TX_BURST);
        prepare = function(ops + TX_PREPARE);
        receiveQueue = Native.getLong(Native.getLong(ops + RX_DATA) + (long) queue * Long.BYTES);
        transmitQueue = Native.getLong(Native.getLong(ops + TX_DATA) + (long) queue * Long.BYTES);
    }

    /**
     * Receives.
     *
     * @param array where the addresses of buffers go
     * @param count the most to receive; some drivers give nothing unless it is 32
     * @return how many came
     */
    public int receive(long array, int count) {
        return burst(receive, receiveQueue, array, count);
    }

    /**
     * Sends.
     *
     * @param array the addresses of buffers
     * @return how many the device took, the first ones; they are not the caller's any more
     */
    public int transmit(long array, int count) {
        return burst(transmit, transmitQueue, array, count);
    }

    /**
     * Makes frames with work for the device ready, as its driver wants them.
     *
     * @return how many are ready, the first ones; the next one is wrong if it is fewer than {@code count}
     */
    public int prepare(long array, int count) {
        return prepare.address() == 0 ? count : burst(prepare, transmitQueue, array, count);
    }

    private int burst(MemorySegment function, long queue, long array, int count) {
        try {
            short moved = quick
                    ? (short) QUICK_CALL.invokeExact(function, queue, array, (short) count)
                    : (short) CALL.invokeExact(function, queue, array, (short) count);
            return moved & 0xffff;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    private static MemorySegment function(long at) {
        return MemorySegment.ofAddress(Native.getLong(at));
    }
}
