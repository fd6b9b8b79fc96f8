package dev.jmtcp.spi.tck;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A frame that says which one it is and how long it was written, and whose every byte can be checked. Static functions that
 * allocate nothing.
 *
 * <pre>
 *  0            6            12       14           18       20
 *  +------------+------------+--------+------------+--------+----------------------------
 *  |destination |   source   | 0x88b5 |  sequence  | length | bytes made from sequence
 *  +------------+------------+--------+------------+--------+ and place, up to the length
 * </pre>
 */
final class TestFrame {

    /** The shortest one. */
    static final int MINIMUM = 20;

    /** The shortest frame on an Ethernet wire, without FCS: IEEE 802.3, 4A.4.2. */
    static final int ETHERNET_MINIMUM = 60;

    /** Local Experimental EtherType 1, of IEEE 802: no one else's. */
    private static final int ETHER_TYPE = 0x88b5;

    static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private TestFrame() {}

    static void write(MemorySegment memory, long offset, int length, int sequence, long destination, long source) {
        header(memory, offset, destination, source, ETHER_TYPE);
        memory.set(INT, offset + 14, sequence);
        memory.set(SHORT, offset + 18, (short) length);
        for (int i = MINIMUM; i < length; i++) {
            memory.set(JAVA_BYTE, offset + i, content(sequence, i));
        }
    }

    static void header(MemorySegment memory, long offset, long destination, long source, int etherType) {
        memory.set(LONG, offset, destination << 16 | source >>> 32);
        memory.set(INT, offset + 8, (int) source);
        memory.set(SHORT, offset + 12, (short) etherType);
    }

    /** Whether this is one of ours: other frames may be on the wire, from a kernel for example. */
    static boolean isOurs(MemorySegment memory, long offset, int length) {
        return length >= MINIMUM && etherType(memory, offset) == ETHER_TYPE;
    }

    static int etherType(MemorySegment memory, long offset) {
        return memory.get(SHORT, offset + 12) & 0xffff;
    }

    static int sequence(MemorySegment memory, long offset) {
        return memory.get(INT, offset + 14);
    }

    /**
     * Where a frame of ours is not as it was written: the place of the first wrong byte, or the length received if that is wrong;
     * -1 if all is right. A short frame may have been padded with zeroes to the Ethernet minimum.
     */
    static int firstWrong(MemorySegment memory, long offset, int length, long destination, long source) {
        int written = memory.get(SHORT, offset + 18) & 0xffff;
        if (length != written && !(written < ETHERNET_MINIMUM && length == ETHERNET_MINIMUM)) {
            return length;
        }
        if (memory.get(LONG, offset) != (destination << 16 | source >>> 32)) {
            return 0;
        }
        if (memory.get(INT, offset + 8) != (int) source) {
            return 8;
        }
        int sequence = sequence(memory, offset);
        for (int i = MINIMUM; i < length; i++) {
            if (memory.get(JAVA_BYTE, offset + i) != (i < written ? content(sequence, i) : 0)) {
                return i;
            }
        }
        return -1;
    }

    private static byte content(int sequence, int i) {
        return (byte) (31 * sequence + 7 * i);
    }
}
