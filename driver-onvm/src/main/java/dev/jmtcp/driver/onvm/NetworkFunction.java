package dev.jmtcp.driver.onvm;

import dev.jmtcp.driver.dpdk.bindings.Native;
import dev.jmtcp.driver.dpdk.bindings.Ring;
import dev.jmtcp.driver.dpdk.bindings.SharedHeap;
import dev.jmtcp.driver.onvm.OnvmLayout.Function;
import dev.jmtcp.driver.onvm.OnvmLayout.Message;
import dev.jmtcp.spi.PacketIoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A network function that the manager has admitted: its record and its queues. {@link #receiveQueue} and {@link #transmitQueue} belong to the thread that moves
 * packets, {@link #hears} to the one that hears messages; the rest is for any thread.
 *
 * <pre>
 *  Admission: asked --STARTING--> admitted --READY--> running --STOPPING--> nothing may be touched any more
 * </pre>
 */
final class NetworkFunction {

    private static final int MOST_CPU = 0xffff;

    private final Manager manager;
    private final int instance;
    private final long address;
    private final Ring receiveQueue;
    private final Ring transmitQueue;
    private final Ring messageQueue;
    private final long taken = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG).address();

    /** @param instance the id that the manager gave */
    NetworkFunction(Manager manager, int instance, int service) throws PacketIoException {
        this.manager = manager;
        this.instance = instance;
        address = manager.function(instance);
        if (Native.getShort(address + Function.INSTANCE) != instance
                || Native.getShort(address + Function.SERVICE) != service) {
            throw new PacketIoException("the manager's record of instance " + instance
                    + " is not where it is expected; it is not openNetVM v21.10");
        }
        receiveQueue = ring(OnvmLayout.receiveQueue(instance), Function.RECEIVE_QUEUE);
        transmitQueue = ring(OnvmLayout.transmitQueue(instance), Function.TRANSMIT_QUEUE);
        messageQueue = ring(OnvmLayout.messageQueue(instance), Function.MESSAGE_QUEUE);
    }

    private Ring ring(String name, int field) throws PacketIoException {
        Ring ring = Ring.lookup(name);
        if (Native.getLong(address + field) != ring.address()) {
            throw new PacketIoException("the manager's record of instance " + instance + " does not have " + name
                    + " where it is expected; it is not openNetVM v21.10");
        }
        return ring;
    }

    int instance() {
        return instance;
    }

    /** The CPU that the manager has it run on. */
    int cpu() {
        return Native.getShort(address + Function.CPU);
    }

    Ring receiveQueue() {
        return receiveQueue;
    }

    Ring transmitQueue() {
        return transmitQueue;
    }

    /** Where the record lies. */
    long address() {
        return address;
    }

    Status status() {
        return Status.at(address + Function.STATUS);
    }

    /** Clears what openNetVM's library keeps in the record for itself, and what one before has left there. */
    void clear() {
        Native.setLong(address + Function.TRANSMIT_MANAGER, 0);
        Native.setLong(address + Function.DATA, 0);
        Native.setShort(address + Function.PARENT, 0);
        Native.setShort(address + Function.CHILDREN, 0);
        Native.setLong(address + Function.FUNCTION_TABLE, 0);
    }

    /** Whether the manager could be told that this is ready for packets. */
    boolean sendReady() {
        return manager.send(Message.READY, address);
    }

    /** Whether the manager could be told that this stops; then nothing of it may be touched any more. */
    boolean sendStopping() {
        return manager.send(Message.STOPPING, address);
    }

    /** Frames that others sent, and for which its queue had no room. */
    long missed() {
        return Native.getLong(address + Function.RX_DROP);
    }

    /** Takes what has come from the manager and others; whether it is to stop. */
    boolean hears() {
        boolean stop = false;
        while (messageQueue.take(taken, 1) == 1) {
            long message = Native.getLong(taken);
            switch (Native.getByte(message + Message.TYPE)) {
                case Message.STOP -> stop = true;
                case Message.CHANGE_CORE -> move(Native.getLong(message + Message.DATA));
                default -> {
                    // for functions that have more to say to each other
                }
            }
            manager.putMessage(message);
        }
        return stop;
    }

    /** Notes the CPU that the manager would have it run on; it runs where the stack's configuration says. */
    private void move(long cpu) {
        if (cpu != 0) {
            Native.setShort(address + Function.CPU, Native.getShort(cpu) & MOST_CPU);
            SharedHeap.free(cpu);
        }
    }

    /** Counts frames sent, where the manager shows it. From the thread that moves packets. */
    void countSent(int frames) {
        MemorySegment memory = Native.MEMORY;
        long at = address + Function.TX;
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at, memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at) + frames);
    }
}
