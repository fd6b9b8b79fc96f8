package dev.jmtcp.driver.psio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Frames of tests, as bytes: sent and received through a driver's queues. */
final class Frames {

    private static final long PATIENCE = 5_000_000_000L;

    /** A frame that was received, and what the card said of it. */
    record Received(byte[] bytes, int flags) {}

    private Frames() {}

    /** A frame of this EtherType and length, its last bytes made of a number. */
    static byte[] of(int etherType, int length, int number) {
        var frame = new byte[length];
        frame[0] = 2;
        frame[6] = 2;
        frame[12] = (byte) (etherType >> 8);
        frame[13] = (byte) etherType;
        for (int i = 14; i < length; i++) {
            frame[i] = (byte) (31 * number + 7 * i);
        }
        return frame;
    }

    /** A TCP segment over IPv4 between these two ports, with this IPv4 checksum, of 60 bytes. */
    static byte[] tcp(int sourcePort, int destinationPort, String ipChecksum) {
        byte[] frame = of(0x0800, 60, 0);
        byte[] ip = HexFormat.of()
                .parseHex("4500002800000000" + "4006" + ipChecksum + "0a000001" + "0a000002"
                        + HexFormat.of().toHexDigits((short) sourcePort)
                        + HexFormat.of().toHexDigits((short) destinationPort));
        System.arraycopy(ip, 0, frame, 14, ip.length);
        return frame;
    }

    /** Whether there was room for it. */
    static boolean commit(PacketQueue queue, int port, byte[] frame) {
        long at = queue.reserve(port, frame.length);
        if (at == PacketQueue.FULL) {
            return false;
        }
        MemorySegment.copy(frame, 0, queue.transmitMemory(port), JAVA_BYTE, at, frame.length);
        queue.commit(port, frame.length, TxOffload.NONE);
        return true;
    }

    static void send(PacketQueue queue, int port, byte[] frame) {
        assertThat(commit(queue, port, frame)).isTrue();
        assertThat(queue.flush()).isZero();
    }

    /** What has come now. */
    static List<Received> take(PacketQueue queue, int port, FrameBurst burst) {
        queue.receive(port, burst);
        var taken = new ArrayList<Received>();
        for (int i = 0; i < burst.count(); i++) {
            taken.add(new Received(
                    burst.memory().asSlice(burst.offset(i), burst.length(i)).toArray(JAVA_BYTE), burst.flags(i)));
        }
        return taken;
    }

    /** The next frame, which must come. */
    static Received receive(PacketQueue queue, int port) {
        var one = new FrameBurst(1);
        for (long end = System.nanoTime() + PATIENCE; System.nanoTime() < end; LockSupport.parkNanos(100_000)) {
            List<Received> taken = take(queue, port, one);
            if (!taken.isEmpty()) {
                return taken.getFirst();
            }
        }
        throw new AssertionError("no frame came");
    }
}
