package dev.jmtcp.driver.netmap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Open ports of tests, all on core 0, and frames of random bytes between them. */
final class Wire {

    /** Much longer than any answer takes. */
    private static final long PATIENCE = 5_000_000_000L;

    private Wire() {}

    static PacketIo open(PortConfig... ports) throws PacketIoException {
        return new NetmapProvider().open(Configs.of(ports));
    }

    static PacketIo open(String... names) throws PacketIoException {
        var ports = new ArrayList<PortConfig>();
        for (String name : names) {
            ports.add(PortConfig.of(name));
        }
        return open(ports.toArray(PortConfig[]::new));
    }

    /** A frame for all stations, from one. */
    static byte[] frame(int length, long seed) {
        var frame = new byte[length];
        new Random(seed).nextBytes(frame);
        MacAddress source = MacAddress.parse("02:00:00:00:00:99");
        for (int i = 0; i < 6; i++) {
            frame[i] = -1;
            frame[6 + i] = (byte) (source.bits() >>> 40 - 8 * i);
        }
        return frame;
    }

    /** Commits a frame; whether there was room. */
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
        assertThat(commit(queue, port, frame)).as("room").isTrue();
        queue.flush();
    }

    /** The next frames, this many or, if none come for long, fewer. */
    static List<byte[]> receive(PacketQueue queue, int port, int count) {
        var frames = new ArrayList<byte[]>();
        var burst = new FrameBurst(1);
        for (long end = System.nanoTime() + PATIENCE; frames.size() < count && System.nanoTime() - end < 0; ) {
            if (queue.receive(port, burst) == 0) {
                queue.await(PATIENCE / 10);
            }
            for (int i = 0; i < burst.count(); i++) {
                frames.add(
                        burst.memory().asSlice(burst.offset(i), burst.length(i)).toArray(JAVA_BYTE));
            }
        }
        return frames;
    }

    /** That the next frame is this one. */
    static void expect(PacketQueue queue, int port, byte[] frame) {
        assertThat(receive(queue, port, 1)).containsExactly(frame);
    }
}
