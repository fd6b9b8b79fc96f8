package dev.jmtcp.driver.onvm.manager;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Frames of tests, sent and received on the first port of a queue. */
final class Frames {

    private static final long PATIENCE = 10_000_000_000L;

    private Frames() {}

    /** A TCP segment over IPv4 between these ports, of 60 bytes, that says its number. */
    static byte[] tcp(int sourcePort, int destinationPort, int number) {
        return ByteBuffer.allocate(60)
                .putShort((short) 0x0200)
                .putInt(2)
                .putShort((short) 0x0200)
                .putInt(1)
                .putShort((short) 0x0800)
                .putInt(0x4500002e)
                .putInt(0)
                .putInt(0x40060000)
                .putInt(0x0a000001)
                .putInt(0x0a000002)
                .putShort((short) sourcePort)
                .putShort((short) destinationPort)
                .putInt(number)
                .array();
    }

    /** The number in such a segment. */
    static int number(byte[] frame) {
        return ByteBuffer.wrap(frame).getInt(38);
    }

    /** Turns such a segment around, its ports aside. */
    static void swapAddresses(byte[] frame) {
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        int source = buffer.getInt(26);
        buffer.putInt(26, buffer.getInt(30)).putInt(30, source);
    }

    /** Whether there was room for it. */
    static boolean commit(PacketQueue queue, byte[] frame) {
        long at = queue.reserve(0, frame.length);
        if (at == PacketQueue.FULL) {
            return false;
        }
        MemorySegment.copy(frame, 0, queue.transmitMemory(0), JAVA_BYTE, at, frame.length);
        queue.commit(0, frame.length, TxOffload.NONE);
        return true;
    }

    static void send(PacketQueue queue, byte[] frame) {
        assertThat(commit(queue, frame)).isTrue();
        assertThat(queue.flush()).isZero();
    }

    /** What has come now. */
    static List<byte[]> take(PacketQueue queue, FrameBurst burst) {
        queue.receive(0, burst);
        var taken = new ArrayList<byte[]>();
        for (int i = 0; i < burst.count(); i++) {
            taken.add(burst.memory().asSlice(burst.offset(i), burst.length(i)).toArray(JAVA_BYTE));
        }
        return taken;
    }

    /** The next so many frames, which must come. */
    static List<byte[]> receive(PacketQueue queue, int count) {
        var burst = new FrameBurst(32);
        var all = new ArrayList<byte[]>();
        for (long end = System.nanoTime() + PATIENCE; all.size() < count; LockSupport.parkNanos(50_000)) {
            assertThat(System.nanoTime())
                    .as("%d of %d frames came", all.size(), count)
                    .isLessThan(end);
            all.addAll(take(queue, burst));
        }
        return all;
    }
}
