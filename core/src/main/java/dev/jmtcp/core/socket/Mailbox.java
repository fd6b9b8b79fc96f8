package dev.jmtcp.core.socket;

import dev.jmtcp.spi.PacketQueue;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * What other threads have sent to a stack's thread, and the rest that this takes while nothing comes. {@link #post} is for any thread, the rest
 * for the stack's.
 */
final class Mailbox {

    private static final int CHUNK = 256;

    /** The most messages in a turn, so that packets are not kept waiting. */
    private static final int TURN = 256;

    private final MpscUnboundedVarHandleArrayQueue<Message> messages = new MpscUnboundedVarHandleArrayQueue<>(CHUNK);
    private final PacketQueue packets;
    private final ReentrantLock refusing = new ReentrantLock();
    private volatile boolean resting;
    private volatile boolean closed;

    Mailbox(PacketQueue packets) {
        this.packets = packets;
    }

    void post(Message message) {
        messages.offer(message);
        // Between the message and the look at the flag, as in rest() between the flag and the look for messages: one of
        // the two sees the other.
        VarHandle.fullFence();
        if (closed) {
            refuseAll();
        } else if (resting) {
            resting = false;
            packets.wakeup();
        }
    }

    /** Ends the rest under way; from any thread. */
    void wakeup() {
        packets.wakeup();
    }

    /**
     * Runs the messages that have come.
     *
     * @return whether there were any
     */
    boolean run() {
        if (closed) {
            return false; // refuseAll() takes them
        }
        Message message = messages.relaxedPoll();
        if (message == null) {
            return false;
        }
        int left = TURN;
        do {
            message.run();
            message = --left > 0 ? messages.relaxedPoll() : null;
        } while (message != null);
        return true;
    }

    /** Rests until a frame, a message or a wakeup comes, or the time is up. */
    void rest(long nanos) {
        resting = true;
        VarHandle.fullFence();
        if (messages.isEmpty()) {
            packets.await(nanos);
        }
        resting = false;
    }

    boolean isClosed() {
        return closed;
    }

    /** Refuses what has come and all that will come. */
    void close() {
        closed = true;
        VarHandle.fullFence();
        refuseAll();
    }

    /** By whoever posts to a closed mailbox, and by who closes it; the queue wants one taker at a time. */
    private void refuseAll() {
        refusing.lock();
        try {
            for (Message message = messages.poll(); message != null; message = messages.poll()) {
                message.refuse();
            }
        } finally {
            refusing.unlock();
        }
    }
}
