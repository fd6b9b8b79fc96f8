package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Frames for tests: an Ethernet header, then a number, then bytes that follow from it. */
final class Frames {

    static final int HEADER = 14;
    static final int SMALLEST = HEADER + 8;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final MacAddress NOBODY = new MacAddress(0x02_00_00_00_00_99L);

    private Frames() {}

    /** Reserves, writes and commits a frame; false if there is no room. */
    static boolean put(PacketQueue queue, int port, MacAddress destination, long number, int length) {
        return put(queue, port, destination, NOBODY, number, length);
    }

    static boolean put(
            PacketQueue queue, int port, MacAddress destination, MacAddress source, long number, int length) {
        long at = queue.reserve(port, length);
        if (at == PacketQueue.FULL) {
            return false;
        }
        MemorySegment memory = queue.transmitMemory(port);
        write(memory, at, destination, number, length);
        mac(memory, at + 6, source);
        queue.commit(port, length, 0);
        return true;
    }

    static void write(MemorySegment memory, long at, MacAddress destination, long number, int length) {
        mac(memory, at, destination);
        mac(memory, at + 6, NOBODY);
        memory.set(ValueLayout.JAVA_BYTE, at + 12, (byte) 0x88);
        memory.set(ValueLayout.JAVA_BYTE, at + 13, (byte) 0xb5);
        memory.set(LONG, at + HEADER, number);
        for (int i = SMALLEST; i < length; i++) {
            memory.set(ValueLayout.JAVA_BYTE, at + i, filler(number, i));
        }
    }

    static void send(PacketQueue queue, MacAddress destination, long number) {
        send(queue, destination, number, 60);
    }

    static void send(PacketQueue queue, MacAddress destination, long number, int length) {
        if (!put(queue, 0, destination, number, length)) {
            throw new AssertionError("no room for frame " + number);
        }
        queue.flush();
    }

    private static void mac(MemorySegment memory, long at, MacAddress mac) {
        for (int i = 0; i < 6; i++) {
            memory.set(ValueLayout.JAVA_BYTE, at + i, (byte) (mac.bits() >>> 40 - 8 * i));
        }
    }

    /** How many bits of a frame differ from those it was sent with. */
    static int wrongBits(FrameBurst burst, MacAddress destination, long number) {
        var right = MemorySegment.ofArray(new byte[burst.length(0)]);
        write(right, 0, destination, number, burst.length(0));
        int wrong = 0;
        for (int i = 0; i < burst.length(0); i++) {
            int difference = right.get(ValueLayout.JAVA_BYTE, i)
                    ^ burst.memory().get(ValueLayout.JAVA_BYTE, burst.offset(0) + i);
            wrong += Integer.bitCount(difference & 0xff);
        }
        return wrong;
    }

    private static byte filler(long number, int i) {
        return (byte) (number * 31 + i);
    }

    /** The number of a frame; −1 if its content is not what it was when it was sent. */
    static long number(FrameBurst burst, int i) {
        return number(burst.memory(), burst.offset(i), burst.length(i));
    }

    static long number(MemorySegment memory, long at, int length) {
        long number = memory.get(LONG, at + HEADER);
        for (int k = SMALLEST; k < length; k++) {
            if (memory.get(ValueLayout.JAVA_BYTE, at + k) != filler(number, k)) {
                return -1;
            }
        }
        return number;
    }

    /** The source address of a frame. */
    static long source(FrameBurst burst, int i) {
        return burst.memory().get(LONG, burst.offset(i) + 6) >>> 16;
    }

    /** All frames that are there now, by number. */
    static List<Long> drain(PacketQueue queue) {
        return drain(queue, 0);
    }

    static List<Long> drain(PacketQueue queue, int port) {
        var burst = new FrameBurst(32);
        List<Long> numbers = new ArrayList<>();
        while (queue.receive(port, burst) > 0) {
            for (int i = 0; i < burst.count(); i++) {
                numbers.add(number(burst, i));
            }
        }
        return numbers;
    }
}
