package dev.jmtcp.driver.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A ring of longs in shared memory with one producer and one consumer, each a thread of any process. What lies in memory:
 *
 * <pre>
 *  0               64              128
 *  | tail, drops   | head          | entries ...
 * </pre>
 *
 * The producer writes tail, the number of entries ever published; the consumer writes head, the number ever taken.
 */
final class Ring {

    private static final long TAIL = 0;
    private static final long DROPS = 8;
    private static final long HEAD = Layout.LINE;
    private static final long ENTRIES = 2L * Layout.LINE;

    private Ring() {}

    /** The bytes of a ring. */
    static long size(int capacity) {
        return ENTRIES + Math.max(Layout.LINE, capacity * 8L);
    }

    /** Empties a ring that nobody uses. */
    static void reset(MemorySegment memory, long at) {
        Layout.LONG.setRelease(memory, at + TAIL, 0L);
        Layout.LONG.setRelease(memory, at + DROPS, 0L);
        Layout.LONG.setRelease(memory, at + HEAD, 0L);
    }

    /** How many entries the producer had to drop for want of room. */
    static long drops(MemorySegment memory, long at) {
        return (long) Layout.LONG.getOpaque(memory, at + DROPS);
    }

    /** The end that fills the ring. Belongs to one thread. */
    static final class Producer {

        private final MemorySegment memory;
        private final long at;
        private final long mask;
        private long tail;
        private long published;
        private long head;

        Producer(MemorySegment memory, long at, int capacity) {
            this.memory = memory;
            this.at = at;
            mask = capacity - 1L;
            tail = (long) Layout.LONG.getAcquire(memory, at + TAIL);
            published = tail;
            head = (long) Layout.LONG.getAcquire(memory, at + HEAD);
        }

        boolean isFull() {
            if (tail - head <= mask) {
                return false;
            }
            head = (long) Layout.LONG.getAcquire(memory, at + HEAD);
            return tail - head > mask;
        }

        /** How many entries were taken when the ring was last found full. */
        long taken() {
            return head;
        }

        /** Adds an entry to a ring that is not full; it is seen after {@link #publish}. */
        void put(long entry) {
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at + ENTRIES + ((tail & mask) << 3), entry);
            tail++;
        }

        /** Whether nothing was put since the last {@link #publish}. */
        boolean isPublished() {
            return tail == published;
        }

        void publish() {
            Layout.LONG.setRelease(memory, at + TAIL, tail);
            published = tail;
        }

        void countDrop() {
            Layout.LONG.setOpaque(memory, at + DROPS, drops(memory, at) + 1);
        }

        /** Takes everything out again, once the consumer is gone. */
        void abandon() {
            Layout.LONG.setRelease(memory, at + HEAD, published);
        }
    }

    /** The end that empties the ring. Belongs to one thread. */
    static final class Consumer {

        private final MemorySegment memory;
        private final long at;
        private final long mask;
        private long head;
        private long released;
        private long tail;

        Consumer(MemorySegment memory, long at, int capacity) {
            this.memory = memory;
            this.at = at;
            mask = capacity - 1L;
            head = (long) Layout.LONG.getAcquire(memory, at + HEAD);
            released = head;
            tail = head;
        }

        boolean isEmpty() {
            if (head != tail) {
                return false;
            }
            tail = (long) Layout.LONG.getAcquire(memory, at + TAIL);
            return head == tail;
        }

        /** The next entry of a ring that is not empty. */
        long peek() {
            return memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at + ENTRIES + ((head & mask) << 3));
        }

        void advance() {
            head++;
        }

        /** Gives the room of the entries taken back to the producer; whether there were any. */
        boolean release() {
            if (head == released) {
                return false;
            }
            Layout.LONG.setRelease(memory, at + HEAD, head);
            released = head;
            return true;
        }

        /** Throws away what is there, once the producer is gone. */
        void abandon() {
            tail = (long) Layout.LONG.getAcquire(memory, at + TAIL);
            head = tail;
            release();
        }

        long drops() {
            return Ring.drops(memory, at);
        }
    }
}
